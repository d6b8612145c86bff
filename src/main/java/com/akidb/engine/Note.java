package com.akidb.engine;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the commit of a write change a note: a few bytes under a key, in a space of notes that are read together. A note that
 * was not changed for {@link #KEPT} may be forgotten.
 *
 * @param space 1 to 255 characters
 * @param key in the space, 1 to 255 characters
 */
public record Note(String space, String key, Change change) implements Kept {

    /** How long an unchanged note is kept. */
    public static final Duration KEPT = Duration.ofDays(60);

    /** Makes the new value of a note. */
    @FunctionalInterface
    public interface Change {

        /**
         * The new value. Called by the thread that writes, within the commit: no other write comes between what it is told
         * and what it answers.
         *
         * @param before the value that the note has; null if there is none
         * @param results what the writes did
         * @throws com.akidb.error.AkidbException to make the write fail as a whole
         */
        byte[] change(byte @Nullable [] before, List<WriteResult> results);
    }

    /**
     * A note as it is kept.
     *
     * @param version the commit that changed it last
     */
    public record Stored(String key, long version, byte[] value) {}
}
