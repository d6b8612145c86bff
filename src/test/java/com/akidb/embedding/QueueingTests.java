package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to calls that meet in the queue of one worker. */
class QueueingTests {

    private static final int CAPACITY = 40;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GatedBackend backend = new GatedBackend(new BatchPolicy(8, 128, 2));
    private LocalEmbeddingManager manager;

    @BeforeEach
    void open() {
        manager = RealModel.manager(
                List.of(backend),
                meters,
                new BatchingProperties(
                        CAPACITY, Duration.ofMillis(10), true, Duration.ofSeconds(5), Duration.ofMinutes(10)));
        manager.preload("all-minilm-l6-v2").join();
    }

    @AfterEach
    void close() {
        backend.letAllThrough();
        manager.close();
    }

    @Test
    void putsTextsTogetherThatCameWhileTheWorkerWasBusy() throws Exception {
        CompletableFuture<EmbeddingResult> busy = embed("granite");
        backend.awaitCall();
        List<CompletableFuture<EmbeddingResult>> waiting = List.of(embed("a b c"), embed("d e f"), embed("g h i"));
        backend.letAllThrough();

        assertThat(backend.awaitCall().rows()).hasSize(3);
        assertThat(get(busy).vectors()).hasSize(1);
        for (CompletableFuture<EmbeddingResult> call : waiting) {
            assertThat(get(call).vectors().getFirst()[0]).isPositive();
        }
    }

    @Test
    void refusesAtOnceWhenTheQueueIsFull() throws Exception {
        embed("busy");
        backend.awaitCall();
        for (int i = 0; i < CAPACITY; i++) {
            embed("waits " + i);
        }

        assertThatThrownBy(() -> get(embed("one too many")))
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        failure -> assertThat(failure.retryAfter()).isPositive());
        backend.letAllThrough();
        assertThat(get(embed("waits 1")).vectors()).hasSize(1);
    }

    @Test
    void leavesNothingBehindOfARefusedCall() throws Exception {
        embed("busy");
        backend.awaitCall();
        List<CompletableFuture<EmbeddingResult>> accepted =
                IntStream.range(0, CAPACITY).mapToObj(i -> embed("waits " + i)).toList();
        assertThatThrownBy(() -> get(embed("refused"))).isInstanceOf(OverloadedException.class);
        backend.letAllThrough();
        for (CompletableFuture<EmbeddingResult> call : accepted) {
            get(call);
        }

        assertThat(get(embed("refused")).cached()).containsExactly(false);
    }

    @Test
    void acceptsACallLargerThanTheQueueAndLetsSmallOnesInBetween() throws Exception {
        List<String> many =
                IntStream.range(0, 3 * CAPACITY).mapToObj(i -> "text " + i).toList();
        CompletableFuture<EmbeddingResult> large = manager.embed(EmbeddingRequest.of(many, null, Account.SERVER));
        backend.awaitCall();
        CompletableFuture<EmbeddingResult> small = embed("granite");
        while (!small.isDone()) {
            backend.letOneThrough();
            backend.awaitCall();
        }

        assertThat(large).isNotDone();
        backend.letAllThrough();
        assertThat(get(large).vectors()).hasSize(3 * CAPACITY);
    }

    @Test
    void dropsTextsOfCancelledCalls() throws Exception {
        embed("busy");
        backend.awaitCall();
        CompletableFuture<EmbeddingResult> cancelled = embed("cancelled text");
        CompletableFuture<EmbeddingResult> kept = embed("a much longer text that is kept by its caller");
        cancelled.cancel(true);
        backend.letAllThrough();

        get(kept);
        assertThat(backend.awaitCall().rows()).hasSize(1);
        assertThat(backend.sawNoFurtherCall()).isTrue();
    }

    @Test
    void endsACallAtItsDeadlineAlthoughTheWorkerIsBusy() throws Exception {
        embed("busy");
        backend.awaitCall();

        assertThatThrownBy(() -> get(manager.embed(withTimeout("late", Duration.ofMillis(20)))))
                .isInstanceOf(DeadlineExceededException.class);
        CompletableFuture<EmbeddingResult> inTime = embed("a much longer text that comes in time for its caller");
        backend.letAllThrough();
        get(inTime);
        assertThat(backend.awaitCall().rows()).hasSize(1);
        assertThat(backend.sawNoFurtherCall()).isTrue();
    }

    @Test
    void tellsEveryCallOfABatchWhyItFailed() throws Exception {
        embed("busy");
        backend.awaitCall();
        CompletableFuture<EmbeddingResult> first = embed("a b c");
        CompletableFuture<EmbeddingResult> second = embed("d e f");
        backend.letOneThrough();
        assertThat(backend.awaitCall().rows()).hasSize(2);
        backend.answerBy(batch -> {
            throw new IllegalStateException("out of luck");
        });
        backend.letOneThrough();

        for (CompletableFuture<EmbeddingResult> call : List.of(first, second)) {
            assertFailed(call, "Batch embedding failed: out of luck");
        }
        assertThat(meters.counter("akidb.embedding.requests", "model", "all-minilm-l6-v2", "status", "error")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void embedsAgainAfterAFailure() throws Exception {
        backend.letAllThrough();
        backend.answerBy(batch -> {
            throw new IllegalStateException("out of luck");
        });
        assertFailed(embed("again"), "Batch embedding failed: out of luck");
        backend.answerNormally();

        assertThat(get(embed("again")).cached()).containsExactly(false);
    }

    @Test
    void replacesAWorkerThatDies() throws Exception {
        backend.letAllThrough();
        backend.answerBy(batch -> {
            throw new StackOverflowError();
        });
        assertFailed(embed("deadly"), "Batch worker died");
        backend.answerNormally();

        assertThat(get(embed("harmless")).vectors()).hasSize(1);
        assertThat(manager.healthCheck()).isCompleted();
    }

    @Test
    void isHealthyAgainOnlyWhenATextGetsThrough() throws Exception {
        backend.letAllThrough();
        backend.answerBy(batch -> {
            throw new IllegalStateException("out of luck");
        });
        assertFailed(embed("fails"), "Batch embedding failed: out of luck");

        assertThatThrownBy(() -> get(manager.healthCheck())).hasMessageEndingWith("out of luck");
        backend.answerNormally();
        manager.healthCheck().get(20, TimeUnit.SECONDS);
        assertThat(manager.healthCheck()).isCompleted();
    }

    @Test
    void saysThatTheReplyWasLostWhenTheBackendAnswersTooFewRows() throws Exception {
        backend.letAllThrough();
        backend.answerBy(batch -> new float[0][]);

        assertFailed(embed("lost"), "Response channel closed");
    }

    @Test
    void refusesVectorsThatAreNotFinite() throws Exception {
        backend.letAllThrough();
        backend.answerBy(batch -> new float[][] {{Float.NaN}});

        assertThatThrownBy(() -> get(embed("infinite")))
                .isInstanceOf(InternalException.class)
                .hasMessageStartingWith("Embedding failed: ");
    }

    @Test
    void sharesOneFlightBetweenCallsForTheSameText() throws Exception {
        embed("busy");
        backend.awaitCall();
        CompletableFuture<EmbeddingResult> first = embed("wanted twice");
        CompletableFuture<EmbeddingResult> second = embed("wanted twice");
        backend.letAllThrough();

        assertThat(get(first).vectors().getFirst())
                .isSameAs(get(second).vectors().getFirst());
        assertThat(backend.awaitCall().rows()).hasSize(1);
        assertThat(get(second).cached()).containsExactly(false);
    }

    @Test
    void keepsAFlightForTheOthersWhenOneCallIsCancelled() throws Exception {
        embed("busy");
        backend.awaitCall();
        CompletableFuture<EmbeddingResult> first = embed("wanted twice");
        CompletableFuture<EmbeddingResult> second = embed("wanted twice");
        first.cancel(true);
        backend.letAllThrough();

        assertThat(get(second).vectors()).hasSize(1);
    }

    @Test
    void startsANewFlightAfterOneWasGivenUp() throws Exception {
        CompletableFuture<EmbeddingResult> busy = embed("busy");
        backend.awaitCall();
        embed("given up").cancel(true);
        backend.letAllThrough();
        get(busy);

        assertThat(get(embed("given up")).vectors()).hasSize(1);
    }

    @Test
    void answersAcceptedTextsWhenItStopsAndRefusesNewOnes() throws Exception {
        CompletableFuture<EmbeddingResult> running = embed("running");
        backend.awaitCall();
        CompletableFuture<EmbeddingResult> waiting = embed("waiting for the worker");
        Thread closing = Thread.ofPlatform().start(manager::close);
        @Nullable AkidbException refusal = null;
        for (int i = 0; refusal == null; i++) {
            refusal = refusalOf(embed("new " + i));
        }
        backend.letAllThrough();
        closing.join();

        assertThat(refusal).isInstanceOf(UnavailableException.class);
        assertThat(get(running).vectors()).hasSize(1);
        assertThat(get(waiting).vectors()).hasSize(1);
        assertThat(backend.isClosed()).isTrue();
        assertThatThrownBy(() -> get(embed("too late"))).isInstanceOf(UnavailableException.class);
    }

    private static @Nullable AkidbException refusalOf(CompletableFuture<EmbeddingResult> call) {
        return call.isCompletedExceptionally() && call.exceptionNow() instanceof UnavailableException refusal
                ? refusal
                : null;
    }

    private CompletableFuture<EmbeddingResult> embed(String text) {
        return manager.embed(withTimeout(text, Duration.ofSeconds(30)));
    }

    private static EmbeddingRequest withTimeout(String text, Duration timeout) {
        return new EmbeddingRequest(
                List.of(text), null, null, false, null, InputType.NONE, true, true, timeout, Account.SERVER);
    }

    private static void assertFailed(CompletableFuture<EmbeddingResult> call, String message) {
        assertThatThrownBy(() -> get(call))
                .isInstanceOfSatisfying(
                        InternalException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.EMBEDDING_FAILED))
                .hasMessage(message);
    }

    private static <T> T get(CompletableFuture<T> call) throws Exception {
        try {
            return call.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AkidbException failure ? failure : e;
        }
    }
}
