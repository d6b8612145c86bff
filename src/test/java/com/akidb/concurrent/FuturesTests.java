package com.akidb.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FuturesTests {

    @Test
    void anOutcomeThatIsCancelledCancelsItsWork() {
        CompletableFuture<String> work = new CompletableFuture<>();
        Futures.then(work, String::length).cancel(true);
        assertThat(work).isCancelled();
    }

    @Test
    void anOutcomeThatFailedLeavesItsWorkAlone() {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Futures.cancelWith(outcome, work);
        outcome.completeExceptionally(new IllegalStateException("late"));
        assertThat(work).isNotDone();
    }

    @Test
    void aFailureThatIsThrownBecomesAFailedFuture() {
        IllegalStateException failure = new IllegalStateException("no");
        CompletableFuture<String> called = Futures.call(() -> {
            throw failure;
        });
        assertThat(called.exceptionNow()).isSameAs(failure);
    }

    @Test
    void aFailureIsFoundUnderEveryWrapping() {
        IllegalStateException failure = new IllegalStateException("no");
        Throwable wrapped = new CompletionException(new ExecutionException(new CompletionException(failure)));
        assertThat(Futures.unwrap(wrapped)).isSameAs(failure);
        assertThat(Futures.unwrap(failure)).isSameAs(failure);
    }
}
