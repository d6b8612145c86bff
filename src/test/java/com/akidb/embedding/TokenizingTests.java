package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads for long texts: one here, and a clock that moves by 20 ms whenever a step has been done. */
class TokenizingTests {

    private static final String LONG = "a long text ".repeat(300);

    private final AtomicLong clock = new AtomicLong();
    private final Tokenizing tokenizing = new Tokenizing(1, clock::get);
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        tokenizing.close();
    }

    private void clog() {
        tokenizing.start(() -> {
            await(gate);
            return false;
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Tokenizing.Steps steps(String name, int count, List<String> done) {
        AtomicInteger left = new AtomicInteger(count);
        return () -> {
            done.add(name);
            clock.addAndGet(Duration.ofMillis(20).toNanos());
            return left.decrementAndGet() > 0;
        };
    }

    private static Tokenizing.Steps counting(CountDownLatch left, Tokenizing.Steps steps) {
        return () -> {
            boolean more = steps.next();
            left.countDown();
            return more;
        };
    }

    @Test
    void callsTakeTurns() {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch last = new CountDownLatch(5);
        clog();
        tokenizing.start(counting(last, steps("a", 3, done)));
        tokenizing.start(counting(last, steps("b", 2, done)));
        gate.countDown();
        await(last);
        assertThat(done).containsExactly("a", "b", "a", "b", "a");
    }

    @Test
    void oneCallTooManyIsRefusedAndWhatWasTakenOnIsDone() {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        clog();
        for (int i = 0; i < Tokenizing.MOST_WAITING; i++) {
            tokenizing.start(steps("waiting", 2, done));
        }
        assertThatThrownBy(() -> tokenizing.start(steps("too many", 1, done))).isInstanceOf(OverloadedException.class);
        gate.countDown();
        tokenizing.close();
        assertThat(done).hasSize(2 * Tokenizing.MOST_WAITING).containsOnly("waiting");
        assertThatThrownBy(() -> tokenizing.start(steps("late", 1, done))).isInstanceOf(UnavailableException.class);
    }

    @Test
    void theManagerTakesALongTextWithoutBlockingItsCallerAndShortOnesDoNotWaitForIt() throws Exception {
        try (LocalEmbeddingManager manager = RealModel.manager(tokenizing)) {
            manager.preload("all-minilm-l6-v2").join();
            clog();
            CompletableFuture<EmbeddingResult> late = manager.embed(request(LONG));
            manager.embed(request("short")).get(30, TimeUnit.SECONDS);
            assertThat(late).isNotDone();
            gate.countDown();
            assertThat(late.get(30, TimeUnit.SECONDS).truncated()).containsExactly(0);
        }
    }

    @Test
    void aLongCallThatIsCancelledIsNotTokenised() throws Exception {
        try (LocalEmbeddingManager manager = RealModel.manager(tokenizing)) {
            manager.preload("all-minilm-l6-v2").join();
            clog();
            CompletableFuture<EmbeddingResult> cancelled = manager.embed(request(LONG));
            cancelled.cancel(true);
            gate.countDown();
            assertThat(manager.embed(request(LONG)).get(30, TimeUnit.SECONDS).cached())
                    .containsExactly(false);
        }
    }

    private static EmbeddingRequest request(String text) {
        return EmbeddingRequest.of(List.of(text), null, Account.SERVER);
    }
}
