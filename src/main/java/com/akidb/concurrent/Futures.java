package com.akidb.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starting, cancelling and following work that answers with a {@link CompletableFuture}. */
public final class Futures {

    private Futures() {}

    /** Cancels the work when whoever waits for its outcome cancels. */
    public static void cancelWith(CompletableFuture<?> outcome, CompletableFuture<?> work) {
        outcome.whenComplete((result, failure) -> {
            if (outcome.isCancelled()) {
                work.cancel(true);
            }
        });
    }

    /** Completes the outcome as the work completes; cancelling the outcome cancels the work. */
    public static <T extends @Nullable Object> void follow(CompletableFuture<T> outcome, CompletableFuture<T> work) {
        cancelWith(outcome, work);
        work.whenComplete((value, failure) -> {
            if (failure == null) {
                outcome.complete(value);
            } else {
                outcome.completeExceptionally(failure);
            }
        });
    }

    /** The answer made from what the work gives; cancelling it cancels the work. */
    public static <T, R> CompletableFuture<R> then(CompletableFuture<T> work, Function<? super T, ? extends R> answer) {
        CompletableFuture<R> outcome = work.thenApply(answer);
        cancelWith(outcome, work);
        return outcome;
    }

    /** Starts work; a failure that it throws becomes a failed future. */
    public static <T extends @Nullable Object> CompletableFuture<T> call(Supplier<CompletableFuture<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** The failure itself, without the wrapping of the stages and waits that it passed through. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
