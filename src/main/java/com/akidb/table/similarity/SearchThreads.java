package com.akidb.table.similarity;

import com.akidb.concurrent.Futures;
import com.akidb.error.OverloadedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Bounds searches: how many are under way, and how many compute at once. */
final class SearchThreads implements AutoCloseable {

    static final int MOST_SEARCHES = 512;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Semaphore permits = new Semaphore(MOST_SEARCHES);
    private final ExecutorService threads = Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().name("similarity-", 0).daemon().factory());

    /** Starts a search, unless there are too many. */
    <T> CompletableFuture<T> admit(Supplier<CompletableFuture<T>> search) {
        if (!permits.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new OverloadedException("Too many searches at once; try again later", RETRY_AFTER));
        }
        CompletableFuture<T> work = Futures.call(search);
        CompletableFuture<T> answer = work.whenComplete((found, failure) -> permits.release());
        Futures.cancelWith(answer, work);
        return answer;
    }

    /** Computes on one of the threads. */
    <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, threads);
    }

    Executor executor() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
