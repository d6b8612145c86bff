package com.akidb.table.search;

import com.akidb.concurrent.Futures;
import com.akidb.concurrent.Patience;
import com.akidb.error.OverloadedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Bounds searches: how many are under way, and how many compute at once. */
final class SearchThreads {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Semaphore permits;
    private final Executor threads;

    /**
     * Bounds searches by these means.
     *
     * @param mostAtOnce most searches under way
     * @param threads that compute what is too long for the thread it came on
     */
    SearchThreads(int mostAtOnce, Executor threads) {
        this.permits = new Semaphore(mostAtOnce);
        this.threads = threads;
    }

    /** Starts a search, unless there are too many. */
    <T> CompletableFuture<T> admit(Supplier<CompletableFuture<T>> search) {
        if (!permits.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new OverloadedException("Too many searches at once; try again later", RETRY_AFTER));
        }
        CompletableFuture<T> work = Futures.call(search);
        if (work.isDone()) {
            permits.release();
            return work;
        }
        // The place is free before the answer is told: who has it may search again at once.
        CompletableFuture<T> answer = work.whenComplete((found, failure) -> permits.release());
        Futures.cancelWith(answer, work);
        return answer;
    }

    /** Computes on one of the threads. */
    <T> CompletableFuture<T> supply(Supplier<T> work) {
        return Patience.supply(threads, work);
    }

    /** Computes on one of the threads what may take long; it is told when its outcome is no longer wanted. */
    <T> CompletableFuture<T> supplyWhileWanted(Function<BooleanSupplier, T> work) {
        return Patience.supply(threads, () -> work.apply(Patience.isOver()));
    }

    Executor executor() {
        return threads;
    }
}
