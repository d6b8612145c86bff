package com.akidb.concurrent;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what requests do away from the event loops, which may block. A few are platform threads, on which native code
 * can be called at once. Work that finds none of them free is run on a virtual thread of its own, which hands such calls to
 * {@link NativeThreads}: nothing ever waits for a thread here.
 */
public final class RequestThreads implements Executor, AutoCloseable {

    private static final int LEAST_PLATFORM_THREADS = 8;
    private static final int PLATFORM_THREADS_PER_PROCESSOR = 4;
    private static final Duration KEPT_IDLE = Duration.ofSeconds(30);

    private final ExecutorService virtual;
    private final ThreadPoolExecutor platform;

    /** @param name of the threads, which have numbers behind it */
    public RequestThreads(String name) {
        ExecutorService overflow = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-virtual-", 0).factory());
        virtual = overflow;
        platform = new ThreadPoolExecutor(
                0,
                Math.max(
                        LEAST_PLATFORM_THREADS,
                        PLATFORM_THREADS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors()),
                KEPT_IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory(),
                (task, pool) -> overflow.execute(task));
    }

    /** @throws java.util.concurrent.RejectedExecutionException after {@link #stop} */
    @Override
    public void execute(Runnable work) {
        platform.execute(work);
    }

    /**
     * Takes no more and waits for what runs; what still runs then is interrupted.
     *
     * @return whether all ended by itself
     */
    public boolean stop(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        platform.shutdown();
        virtual.shutdown();
        try {
            if (platform.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                    && virtual.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        platform.shutdownNow();
        virtual.shutdownNow();
        return false;
    }

    /** Takes no more, and waits until all that runs has ended. */
    @Override
    public void close() {
        platform.shutdown();
        virtual.close();
        platform.close();
    }
}
