package com.akidb.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class PatienceTests {

    private final AtomicReference<BooleanSupplier> isOver = new AtomicReference<>();

    @Test
    void lastsUntilTheWorkHasEnded() {
        CompletableFuture<String> outcome = Patience.supply(Runnable::run, () -> {
            isOver.set(Patience.isOver());
            assertThat(isOver.get().getAsBoolean()).isFalse();
            return "done";
        });
        assertThat(outcome).isCompletedWithValue("done");
        assertThat(isOver.get().getAsBoolean()).isTrue();
    }

    @Test
    void lastsUntilWhatTheWorkBeganHasEnded() {
        CompletableFuture<String> begun = new CompletableFuture<>();
        CompletableFuture<String> outcome = Patience.compose(Runnable::run, () -> {
            isOver.set(Patience.isOver());
            return begun;
        });
        assertThat(outcome).isNotDone();
        assertThat(isOver.get().getAsBoolean()).isFalse();
        begun.complete("done");
        assertThat(outcome).isCompletedWithValue("done");
        assertThat(isOver.get().getAsBoolean()).isTrue();
    }

    @Test
    void endsWithTheOutcomeAndTakesWhatTheWorkBeganWithIt() {
        CompletableFuture<String> begun = new CompletableFuture<>();
        CompletableFuture<String> outcome = Patience.compose(Runnable::run, () -> {
            isOver.set(Patience.isOver());
            return begun;
        });
        outcome.cancel(true);
        assertThat(isOver.get().getAsBoolean()).isTrue();
        assertThat(begun).isCancelled();
    }

    @Test
    void endsWithThePatienceOfWhoStartsTheWorkThoughTheOutcomeIsNotCancelled() {
        AtomicBoolean left = new AtomicBoolean();
        CompletableFuture<String> begun = new CompletableFuture<>();
        CompletableFuture<String> outcome = Patience.during(
                left::get,
                () -> Patience.compose(Runnable::run, () -> {
                    isOver.set(Patience.isOver());
                    return begun;
                }));
        assertThat(isOver.get().getAsBoolean()).isFalse();
        left.set(true);
        assertThat(outcome).isNotDone();
        assertThat(isOver.get().getAsBoolean()).isTrue();
    }

    @Test
    void failsAsTheWorkDoes() {
        CompletableFuture<String> outcome = Patience.compose(Runnable::run, () -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(outcome::join).hasCauseInstanceOf(IllegalStateException.class);
    }
}
