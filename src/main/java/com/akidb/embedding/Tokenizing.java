package com.akidb.embedding;

import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The threads on which long texts are made ready for their models, one per core: tokenising is native code that computes.
 * Calls take turns, so that a text does not wait until all of somebody else's thousand are done.
 */
final class Tokenizing implements AutoCloseable {

    /** Calls that wait for a turn at most; one more is refused. */
    static final int MOST_WAITING = 1_024;

    private static final Duration MOST_TIME_TO_STOP = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** How long a call computes before the next one has its turn. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ThreadPoolExecutor threads;
    private final LongSupplier nanoTime;

    Tokenizing() {
        this(Runtime.getRuntime().availableProcessors(), System::nanoTime);
    }

    Tokenizing(int size, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        threads = new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("tokenize-", 0).daemon().factory());
    }

    /** Work in steps, each of which takes a text. */
    interface Steps {

        /** @return whether there is more to do */
        boolean next();
    }

    /**
     * Takes work on.
     *
     * @throws OverloadedException if too much waits
     * @throws UnavailableException if the server is shutting down
     */
    void start(Steps steps) {
        try {
            threads.execute(() -> turn(steps));
        } catch (RejectedExecutionException full) {
            if (threads.isShutdown()) {
                throw new UnavailableException("The server is shutting down");
            }
            throw new OverloadedException("Too many long texts at once; try again later", RETRY_AFTER);
        }
    }

    private void turn(Steps steps) {
        long start = nanoTime.getAsLong();
        while (steps.next()) {
            if (nanoTime.getAsLong() - start > TURN_NANOS && waitsAgain(steps)) {
                return;
            }
        }
    }

    /** Lets others go first. What was taken on is not refused half-way: it goes on if there is no room to wait. */
    private boolean waitsAgain(Steps steps) {
        if (threads.getQueue().isEmpty()) {
            return false;
        }
        try {
            threads.execute(() -> turn(steps));
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    /** Finishes what was taken on. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(MOST_TIME_TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
