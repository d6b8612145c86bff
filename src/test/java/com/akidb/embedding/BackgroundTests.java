package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.error.UnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Texts that nobody waits for at once, beside texts that somebody waits for. */
class BackgroundTests {

    private final GatedBackend backend = new GatedBackend(new BatchPolicy(4, 128, 0));
    private LocalEmbeddingManager manager;

    @BeforeEach
    void open() {
        manager = RealModel.manager(
                List.of(backend),
                new SimpleMeterRegistry(),
                new BatchingProperties(
                        100, Duration.ofMillis(10), true, Duration.ofSeconds(5), Duration.ofMinutes(10)));
        manager.preload("all-minilm-l6-v2").join();
    }

    @AfterEach
    void close() {
        backend.letAllThrough();
        manager.close();
    }

    @Test
    void goesBehindTextsThatSomebodyWaitsFor() throws Exception {
        List<String> many = IntStream.range(0, 40).mapToObj(i -> "number " + i).toList();
        CompletableFuture<EmbeddingResult> background = embed(many, Urgency.BACKGROUND);
        assertThat(backend.awaitCall().rows()).hasSize(4);
        CompletableFuture<EmbeddingResult> interactive = embed(List.of("granite and basalt"), Urgency.INTERACTIVE);
        backend.letOneThrough();

        assertThat(backend.awaitCall().rows()).hasSize(1);
        backend.letOneThrough();
        assertThat(interactive.get(30, TimeUnit.SECONDS).vectors()).hasSize(1);
        assertThat(background).isNotDone();
        backend.letAllThrough();
        assertThat(background.get(30, TimeUnit.SECONDS).vectors()).hasSize(40);
    }

    @Test
    void doesNotMakeSomebodyWaitForTheSameTextInTheBackground() throws Exception {
        CompletableFuture<EmbeddingResult> busy = embed(List.of("busy"), Urgency.BACKGROUND);
        backend.awaitCall();
        CompletableFuture<EmbeddingResult> background =
                embed(List.of("granite", "gneiss and others"), Urgency.BACKGROUND);
        CompletableFuture<EmbeddingResult> interactive = embed(List.of("granite"), Urgency.INTERACTIVE);
        backend.letOneThrough();
        assertThat(backend.awaitCall().rows()).hasSize(1);
        backend.letOneThrough();

        assertThat(interactive.get(30, TimeUnit.SECONDS).cached()).containsExactly(false);
        assertThat(background).isNotDone();
        backend.letAllThrough();
        assertThat(busy.get(30, TimeUnit.SECONDS).vectors()).hasSize(1);
        assertThat(background.get(30, TimeUnit.SECONDS).vectors()).hasSize(2);
    }

    @Test
    void leavesItsVectorsInTheCacheForOthers() throws Exception {
        backend.letAllThrough();
        embed(List.of("granite"), Urgency.BACKGROUND).get(30, TimeUnit.SECONDS);

        assertThat(embed(List.of("granite"), Urgency.INTERACTIVE)
                        .get(30, TimeUnit.SECONDS)
                        .cached())
                .containsExactly(true);
    }

    @Test
    void isGivenUpAtOnceWhenTheManagerStops() throws Exception {
        CompletableFuture<EmbeddingResult> running = embed(List.of("running"), Urgency.BACKGROUND);
        backend.awaitCall();
        CompletableFuture<EmbeddingResult> waiting = embed(List.of("waiting"), Urgency.BACKGROUND);
        Thread closing = Thread.ofVirtual().start(manager::close);

        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(UnavailableException.class);
        backend.letAllThrough();
        assertThat(running.get(30, TimeUnit.SECONDS).vectors()).hasSize(1);
        closing.join();
    }

    private CompletableFuture<EmbeddingResult> embed(List<String> texts, Urgency urgency) {
        return manager.embed(new EmbeddingRequest(
                texts,
                null,
                null,
                false,
                null,
                InputType.NONE,
                true,
                true,
                Duration.ofSeconds(30),
                Account.SERVER,
                urgency));
    }
}
