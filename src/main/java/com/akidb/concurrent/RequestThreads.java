package com.akidb.concurrent;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for what requests do away from the event loops, which may block. A few are platform threads, on which native code
 * can be called at once. Work that finds none of them free is run on a virtual thread of its own, which hands such calls to
 * {@link NativeThreads}: nothing ever waits for a thread here.
 */
public final class RequestThreads implements Executor, AutoCloseable {

    private static final int PLATFORM_THREADS =
            Math.max(8, 4 * Runtime.getRuntime().availableProcessors());
    private static final Duration KEPT_IDLE = Duration.ofSeconds(30);

    private final ExecutorService virtual;
    private final ThreadPoolExecutor platform;
    private final AtomicInteger onPlatform = new AtomicInteger();

    /** @param name of the threads, which have numbers behind it */
    public RequestThreads(String name) {
        virtual = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-virtual-", 0).factory());
        // This queue wakes a thread when it was empty, and threads that take from it wake others: of a burst, most is
        // done
        // by threads that are awake. It holds nothing that no thread is about to take.
        platform = new ThreadPoolExecutor(
                PLATFORM_THREADS,
                PLATFORM_THREADS,
                KEPT_IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        platform.allowCoreThreadTimeOut(true);
    }

    /** @throws RejectedExecutionException after {@link #stop} */
    @Override
    public void execute(Runnable work) {
        if (onPlatform.incrementAndGet() > PLATFORM_THREADS) {
            onPlatform.decrementAndGet();
            virtual.execute(work);
            return;
        }
        try {
            platform.execute(() -> {
                try {
                    work.run();
                } finally {
                    onPlatform.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException stopped) {
            onPlatform.decrementAndGet();
            throw stopped;
        }
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
