package com.akidb.backup;

import com.akidb.engine.TableEngine.Space;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Giving back what the database of a running server holds and does not use, done or on its way.
 *
 * @param endedAt null until it ends
 * @param before what the database took when it began
 * @param now what it takes; when it has ended, what it took then
 * @param error why it could not be done; null if it could
 */
public record CompactionRun(
        State state,
        Instant startedAt,
        @Nullable Instant endedAt,
        Space before,
        Space now,
        @Nullable String error) {

    /** How far it is. */
    public enum State {
        RUNNING,
        COMPLETE,
        FAILED
    }
}
