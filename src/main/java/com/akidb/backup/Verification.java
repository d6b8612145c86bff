package com.akidb.backup;

import com.akidb.backup.DataCheck.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reading of all that a server keeps, done or on its way.
 *
 * @param endedAt null until it ends
 * @param step what is being read, in words; empty when it has ended
 * @param problems that were found, at most {@link DataCheck#MOST_PROBLEMS}; none while it runs
 * @param error why it could not be done; null if it could
 */
public record Verification(
        State state,
        Instant startedAt,
        @Nullable Instant endedAt,
        String step,
        List<Problem> problems,
        @Nullable String error) {

    public Verification {
        problems = List.copyOf(problems);
    }

    /** How far it is. */
    public enum State {
        RUNNING,
        COMPLETE,
        FAILED
    }
}
