package com.akidb.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class ShortLocksTests {

    /** Two loops that meet at the queue's lock all the time. */
    @Test
    void handsWorkOfTwoLoopsToOneThread() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            List<CompletableFuture<Void>> loops = new ArrayList<>();
            for (int loop = 0; loop < 2; loop++) {
                loops.add(Mono.fromRunnable(() -> {
                            for (int i = 0; i < 200_000; i++) {
                                thread.execute(() -> {});
                            }
                        })
                        .then()
                        .subscribeOn(Schedulers.newSingle("loop-" + loop))
                        .toFuture());
            }
            for (CompletableFuture<Void> loop : loops) {
                loop.get(1, TimeUnit.MINUTES);
            }
            assertThat(thread.submit(() -> "done").get(1, TimeUnit.MINUTES)).isEqualTo("done");
        }
    }
}
