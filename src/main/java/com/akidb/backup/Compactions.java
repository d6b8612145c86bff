package com.akidb.backup;

import com.akidb.backup.CompactionRun.State;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableEngine.Space;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the database of a running server smaller when somebody asks for it: one run at a time, on a thread of its own, while
 * others go on writing. Safe for many threads.
 */
public final class Compactions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Compactions.class);

    private static final Duration LONGEST = Duration.ofHours(6);

    private final TableEngine engine;
    private final InstantSource clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().name("akidb-compact").daemon().unstarted(task));

    private volatile boolean closed;
    private @Nullable CompactionRun latest;

    Compactions(TableEngine engine, InstantSource clock) {
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * Begins a run; it goes on by itself, for six hours at most.
     *
     * @return the run; ask {@link #latest} for how it goes on
     * @throws ConflictException if one is going on
     */
    public synchronized CompactionRun start() {
        if (latest != null && latest.state() == State.RUNNING) {
            throw new ConflictException(
                    ErrorCode.CONFLICT, "The database is being compacted; wait until that has ended");
        }
        Space space = engine.space();
        CompactionRun begun = new CompactionRun(State.RUNNING, clock.instant(), null, space, space, null);
        latest = begun;
        thread.execute(() -> run(begun));
        return begun;
    }

    /**
     * The run that goes on, or the last one since the server started.
     *
     * @throws NotFoundException if there is none
     */
    public synchronized CompactionRun latest() {
        if (latest == null) {
            throw new NotFoundException("Nothing was compacted since the server started");
        }
        return latest;
    }

    private void run(CompactionRun begun) {
        Instant start = begun.startedAt();
        Instant end = start.plus(LONGEST);
        try {
            engine.compact(
                    now -> set(new CompactionRun(State.RUNNING, start, null, begun.before(), now, null)),
                    () -> closed || clock.instant().isAfter(end));
            set(new CompactionRun(State.COMPLETE, start, clock.instant(), begun.before(), engine.space(), null));
        } catch (AkidbException e) {
            log.warn("The database could not be compacted: {}", e.detail());
            fail(begun, e.detail());
        } catch (RuntimeException | Error e) {
            log.error("The database could not be compacted", e);
            fail(begun, "It could not be compacted; see the log");
        }
    }

    private void fail(CompactionRun begun, String error) {
        set(new CompactionRun(State.FAILED, begun.startedAt(), clock.instant(), begun.before(), engine.space(), error));
    }

    private synchronized void set(CompactionRun now) {
        latest = now;
    }

    /** Ends the run that goes on. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
    }
}
