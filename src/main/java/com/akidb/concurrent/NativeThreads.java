package com.akidb.concurrent;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few platform threads for calls of native code, and a bounded queue before them. A native call on a virtual thread would
 * keep its carrier, of which there are as few as cores, from all other virtual threads.
 */
public final class NativeThreads implements AutoCloseable {

    private final ThreadPoolExecutor threads;

    /**
     * Starts one thread, and the others when there is work for them. They stay until {@link #stop}: where an executor has no
     * thread left, it can lose a call that it took just when it was told to stop.
     *
     * @param name of the threads
     * @param count most threads
     * @param queue most calls that wait for a thread
     */
    public NativeThreads(String name, int count, int queue) {
        threads = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(queue),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        threads.prestartCoreThread();
    }

    /**
     * Calls on one of the threads and waits for the outcome.
     *
     * @throws RejectedExecutionException at once, if the queue is full or the threads have been told to stop
     */
    public <T extends @Nullable Object> T call(Supplier<T> work) {
        Task<T> task = new Task<>(work);
        threads.execute(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            task.cancel(false);
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while native code was called");
        }
    }

    private static final class Task<T extends @Nullable Object> extends FutureTask<T> {

        private final long since = System.nanoTime();

        Task(Supplier<T> work) {
            super(work::get);
        }
    }

    /** How long the call has waited that waits longest; zero if all have begun. */
    public Duration longestWait() {
        return threads.getQueue().peek() instanceof Task<?> eldest
                ? Duration.ofNanos(System.nanoTime() - eldest.since)
                : Duration.ZERO;
    }

    /** Takes no more calls, and waits for those that were taken. */
    @Override
    public void close() {
        threads.close();
    }

    /** Takes no more calls; those that were taken go on. */
    public void stop() {
        threads.shutdown();
    }
}
