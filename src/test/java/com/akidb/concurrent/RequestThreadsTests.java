package com.akidb.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RequestThreadsTests {

    @Test
    void worksOnAPlatformThreadWhileOneIsFree() {
        try (RequestThreads threads = new RequestThreads("test")) {
            assertThat(isVirtual(threads).join()).isFalse();
        }
    }

    @Test
    void worksOnVirtualThreadsWhileAllPlatformThreadsAreHeld() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (RequestThreads threads = new RequestThreads("test")) {
            List<CompletableFuture<Void>> held = new ArrayList<>();
            try {
                for (int i = 0; i < 1_000; i++) {
                    held.add(CompletableFuture.runAsync(() -> await(hold), threads));
                }
                assertThat(isVirtual(threads))
                        .succeedsWithin(Duration.ofSeconds(30))
                        .isEqualTo(true);
            } finally {
                hold.countDown();
            }
            assertThat(CompletableFuture.allOf(held.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void interruptsWhatStillRunsWhenItsPatienceIsOverAndTakesNoMore() {
        RequestThreads threads = new RequestThreads("test");
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(
                () -> {
                    begun.countDown();
                    try {
                        never.await();
                        return false;
                    } catch (InterruptedException e) {
                        return true;
                    }
                },
                threads);
        await(begun);

        assertThat(threads.stop(Duration.ofMillis(1))).isFalse();

        assertThat(interrupted).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true);
        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private static CompletableFuture<Boolean> isVirtual(RequestThreads threads) {
        return CompletableFuture.supplyAsync(() -> Thread.currentThread().isVirtual(), threads);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
