package com.akidb.table;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What CompletableFuture leaves to its users. */
public final class Futures {

    private Futures() {}

    /** Cancels the work when the one who waits for its outcome cancels. */
    public static void cancelWith(CompletableFuture<?> waiting, CompletableFuture<?> work) {
        waiting.whenComplete((result, failure) -> {
            if (waiting.isCancelled()) {
                work.cancel(true);
            }
        });
    }

    /** Calls what gives a future; a failure that is thrown becomes one that the future tells. */
    public static <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** Calls what gives a future on another thread; cancelling the outcome cancels that future. */
    public static <T> CompletableFuture<T> callOn(Executor threads, Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        threads.execute(() -> {
            if (outcome.isDone()) {
                return;
            }
            CompletableFuture<T> started = call(work);
            cancelWith(outcome, started);
            started.whenComplete((value, failure) -> {
                if (failure == null) {
                    outcome.complete(value);
                } else {
                    outcome.completeExceptionally(failure);
                }
            });
        });
        return outcome;
    }

    /** The failure itself, without the wrapping of the stages that it went through. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
