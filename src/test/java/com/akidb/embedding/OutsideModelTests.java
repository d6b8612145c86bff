package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.embedding.openai.FakeProvider;
import com.akidb.embedding.openai.OpenAiBackendFactory;
import com.akidb.embedding.openai.OpenAiProperties;
import com.akidb.error.InvalidInputException;
import com.akidb.model.Downloads;
import com.akidb.model.EmbeddingDefaults;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSettings;
import com.akidb.model.hub.FakeHub;
import com.akidb.model.loading.CachingModelLoader;
import com.akidb.model.registry.RegisteredModels;
import com.akidb.vector.Vectors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** The way of a text to a model at an outside provider and back: registry, cache, queue, provider. */
class OutsideModelTests {

    @TempDir
    Path directory;

    private final FakeProvider provider = new FakeProvider(8);
    private volatile @Nullable String key = FakeProvider.KEY;
    private LocalEmbeddingManager manager;

    @BeforeEach
    void open() throws IOException {
        Path models = Files.writeString(directory.resolve("models.yaml"), """
            models:
              - id: corp/words
                backend: openai
                dimension: 8
                matryoshka: 2
                max-tokens: 100
                prompts: {query: "ask: "}
                source: {endpoint: "%s", key-variable: CORP_KEY}
            """.replace("%s", provider.address()));
        ModelSettings settings = new ModelSettings(models, List.of(), Map.of(), directory.resolve("cache"));
        EmbeddingDefaults defaults = new EmbeddingDefaults("all-minilm-l6-v2", null, true, null, false, 32);
        ModelRegistry registry = RegisteredModels.of(settings, defaults);
        CachingModelLoader loader = new CachingModelLoader(
                settings, FakeHub.settings("http://localhost:1", Path.of("none")), defaults, new Downloads());
        OpenAiProperties outside = new OpenAiProperties(
                "https://localhost:1/v1",
                "NO_SUCH_KEY",
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                3,
                Duration.ofMillis(1),
                2,
                10,
                1000);
        EmbeddingMetrics metrics = new EmbeddingMetrics(new SimpleMeterRegistry());
        manager = new LocalEmbeddingManager(
                registry,
                new LoadedModels(
                        loader,
                        List.of(new OpenAiBackendFactory(outside, name -> name.equals("CORP_KEY") ? key : null)),
                        new BatchingProperties(
                                1000, Duration.ZERO, true, Duration.ofSeconds(20), Duration.ofMinutes(10)),
                        32,
                        metrics),
                new VectorCache(new CacheProperties(10_000, DataSize.ofMegabytes(8))),
                metrics,
                new Tokenizing(),
                true);
    }

    @AfterEach
    void close() {
        manager.close();
        provider.close();
    }

    private EmbeddingResult embed(List<String> texts, @Nullable Integer dimension, InputType type) {
        try {
            return manager.embed(new EmbeddingRequest(
                            texts,
                            "corp/words",
                            null,
                            true,
                            dimension,
                            type,
                            true,
                            true,
                            Duration.ofSeconds(30),
                            Account.SERVER))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Test
    void normalisesCutsAndCachesLikeAnyOtherModel() {
        EmbeddingResult first = embed(List.of("aaa"), null, InputType.NONE);
        EmbeddingResult again = embed(List.of("aaa"), null, InputType.NONE);
        EmbeddingResult cut = embed(List.of("aaa"), 2, InputType.NONE);

        assertThat(Vectors.norm(first.vectors().getFirst())).isBetween(0.99999, 1.00001);
        assertThat(first.totalTokens()).isEqualTo(7);
        assertThat(again.cached()).containsExactly(true);
        assertThat(cut.vectors().getFirst()).hasSize(2);
        assertThat(Vectors.norm(cut.vectors().getFirst())).isBetween(0.99999, 1.00001);
        assertThat(provider.requests).hasSize(2);
    }

    @Test
    void sendsThePromptAlong() {
        embed(List.of("aaa"), null, InputType.QUERY);

        assertThat(provider.requests.getFirst().at("/input/0").asString()).isEqualTo("ask: aaa");
    }

    @Test
    void cutsARequestIntoCallsAsLargeAsTheProviderTakes() {
        List<String> texts = IntStream.range(0, 95).mapToObj(i -> "x".repeat(i)).toList();
        EmbeddingResult result = embed(texts, 2, InputType.NONE);

        assertThat(result.vectors()).hasSize(95);
        assertThat(provider.requests)
                .hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(request -> assertThat(request.path("input").size()).isLessThanOrEqualTo(10));
        assertThat(result.vectors().get(90)[0] / result.vectors().get(90)[1]).isEqualTo(91 / 0.25f);
    }

    @Test
    void cutsTextsThatAreLongerThanTheModelTakes() {
        EmbeddingResult result = embed(List.of("y".repeat(5000)), null, InputType.NONE);

        assertThat(result.truncated()).containsExactly(0);
        assertThat(provider.requests.getFirst().at("/input/0").asString()).hasSize(403);
    }

    @Test
    void failsOnlyTheTextThatTheProviderRefuses() {
        CompletableFuture<EmbeddingResult> other =
                manager.embed(EmbeddingRequest.of(List.of("cc", "dd"), "corp/words", Account.SERVER));

        assertThatThrownBy(() -> embed(List.of("aa", "refuse", "bb"), null, InputType.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("refuses a text");
        assertThat(embed(List.of("aa", "bb"), null, InputType.NONE).vectors()).hasSize(2);
        assertThat(other.join().vectors()).hasSize(2);
    }

    @Test
    void isListedAlwaysAndRefusedWithoutAKey() {
        key = null;

        assertThat(manager.models())
                .filteredOn(model -> model.id().equals("openai/text-embedding-ada-002"))
                .singleElement()
                .satisfies(ada -> {
                    assertThat(ada.dimension()).isEqualTo(1536);
                    assertThat(ada.type()).isEqualTo("document");
                    assertThat(ada.cached()).isFalse();
                });
        assertThatThrownBy(() -> embed(List.of("a"), null, InputType.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Model 'corp/words' cannot be used: it runs at an outside provider, and there is no key for"
                        + " that: set the environment variable CORP_KEY");
        assertThatThrownBy(
                        () -> manager.preload("openai/text-embedding-ada-002").join())
                .hasCauseInstanceOf(InvalidInputException.class)
                .hasMessageContaining("set the environment variable NO_SUCH_KEY");
        assertThat(provider.requests).isEmpty();
    }
}
