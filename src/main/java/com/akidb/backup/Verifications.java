package com.akidb.backup;

import com.akidb.backup.DataCheck.Problem;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all that a running server keeps and says what is wrong, when somebody asks for it: one reading at a time, on a thread
 * of its own. The database is read as of one commit, while others go on writing. Safe for many threads.
 */
public final class Verifications implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Verifications.class);

    private static final Duration LONGEST = Duration.ofHours(6);

    private final Path dataDirectory;
    private final Clock clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().name("akidb-verify").daemon().unstarted(task));

    private volatile boolean closed;
    private @Nullable Verification latest;

    Verifications(Path dataDirectory, Clock clock) {
        this.dataDirectory = dataDirectory.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /**
     * Begins a reading; it goes on by itself, for six hours at most.
     *
     * @return the reading; ask {@link #latest} for how it goes on
     * @throws ConflictException if one is going on
     */
    public synchronized Verification start() {
        if (latest != null && latest.state() == Verification.State.RUNNING) {
            throw new ConflictException(ErrorCode.CONFLICT, "The data is being verified; wait until that has ended");
        }
        Verification begun = new Verification(
                Verification.State.RUNNING, clock.instant(), null, "waiting for its turn", List.of(), null);
        latest = begun;
        thread.execute(this::run);
        return begun;
    }

    /**
     * The one that goes on, or the last one since the server started.
     *
     * @throws NotFoundException if there is none
     */
    public synchronized Verification latest() {
        if (latest == null) {
            throw new NotFoundException("Nothing was verified since the server started");
        }
        return latest;
    }

    private void run() {
        Instant begun = latest().startedAt();
        Instant end = begun.plus(LONGEST);
        try {
            List<Problem> problems = DataCheck.runBeside(
                    dataDirectory,
                    clock,
                    this::step,
                    () -> closed || clock.instant().isAfter(end));
            for (Problem problem : problems) {
                log.warn("{}: {}", problem.file(), problem.what());
            }
            set(new Verification(Verification.State.COMPLETE, begun, clock.instant(), "", problems, null));
        } catch (IOException | RuntimeException | Error e) {
            log.error("The data could not be verified", e);
            String error = e instanceof AkidbException known ? known.detail() : "It could not be read; see the log";
            set(new Verification(Verification.State.FAILED, begun, clock.instant(), "", List.of(), error));
        }
    }

    private void step(String what) {
        set(new Verification(Verification.State.RUNNING, latest().startedAt(), null, what, List.of(), null));
    }

    private synchronized void set(Verification now) {
        latest = now;
    }

    /** Ends the one that goes on. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
    }
}
