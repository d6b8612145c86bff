package com.akidb.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FuturesTests {

    private final List<Runnable> waiting = new ArrayList<>();

    private void runWaiting() {
        waiting.forEach(Runnable::run);
    }

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
    void workThatWasCancelledBeforeItsThreadCameIsNotStarted() {
        AtomicBoolean started = new AtomicBoolean();
        CompletableFuture<String> outcome = Futures.callOn(waiting::add, () -> {
            started.set(true);
            return CompletableFuture.completedFuture("done");
        });
        outcome.cancel(true);
        runWaiting();
        assertThat(started).isFalse();
    }

    @Test
    void workOnAnotherThreadCompletesItsOutcomeAndIsCancelledWithIt() {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> first = Futures.callOn(waiting::add, () -> work);
        CompletableFuture<String> second =
                Futures.callOn(waiting::add, () -> CompletableFuture.completedFuture("done"));
        runWaiting();
        first.cancel(true);
        assertThat(work).isCancelled();
        assertThat(second).isCompletedWithValue("done");
    }

    @Test
    void aFailureThatIsThrownBecomesAFailedFuture() {
        IllegalStateException failure = new IllegalStateException("no");
        CompletableFuture<String> called = Futures.call(() -> {
            throw failure;
        });
        CompletableFuture<String> elsewhere = Futures.callOn(Runnable::run, () -> {
            throw failure;
        });
        assertThat(called.exceptionNow()).isSameAs(failure);
        assertThat(elsewhere.exceptionNow()).isSameAs(failure);
    }

    @Test
    void aFailureIsFoundUnderEveryWrapping() {
        IllegalStateException failure = new IllegalStateException("no");
        Throwable wrapped = new CompletionException(new ExecutionException(new CompletionException(failure)));
        assertThat(Futures.unwrap(wrapped)).isSameAs(failure);
        assertThat(Futures.unwrap(failure)).isSameAs(failure);
    }
}
