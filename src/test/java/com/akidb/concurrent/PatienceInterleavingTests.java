package com.akidb.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.junit.InterleavingTest;
import com.akidb.junit.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

class PatienceInterleavingTests {

    @InterleavingTest
    void workThatOutlivesItsCallerIsToldSo() throws Exception {
        AtomicReference<Runnable> begun = new AtomicReference<>();
        Executor threads = begun::set;
        AtomicBoolean worked = new AtomicBoolean();
        AtomicReference<BooleanSupplier> isOver = new AtomicReference<>();
        CompletableFuture<String> outcome = Patience.supply(threads, () -> {
            isOver.set(Patience.isOver());
            worked.set(true);
            return "done";
        });
        Threads.start(() -> begun.get().run(), () -> outcome.cancel(false)).join();
        if (worked.get()) {
            assertThat(isOver.get().getAsBoolean()).isTrue();
        } else {
            assertThat(outcome).isCancelled();
        }
        assertThat(outcome).isDone();
    }
}
