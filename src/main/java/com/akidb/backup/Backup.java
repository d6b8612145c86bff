package com.akidb.backup;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A backup, complete or on its way.
 *
 * @param path its directory
 * @param madeAt when it was begun
 * @param bytes of all its files; 0 until it is complete
 * @param commit sequence number of the last commit that is in it; 0 until it is complete
 * @param contents what is in it beside the database
 * @param error why it failed; null if it did not
 */
public record Backup(
        Path path,
        State state,
        Instant madeAt,
        long bytes,
        long commit,
        Contents contents,
        @Nullable String error) {

    /** How far it is. */
    public enum State {
        RUNNING,
        COMPLETE,
        FAILED
    }

    /**
     * What goes into a backup beside the database.
     *
     * @param keys the API keys, as the hashes that the server keeps of them
     * @param audit the files of the audit log
     */
    public record Contents(boolean keys, boolean audit) {}

    public String name() {
        return path.getFileName().toString();
    }
}
