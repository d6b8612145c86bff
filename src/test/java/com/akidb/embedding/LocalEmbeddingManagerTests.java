package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.model.Pooling;
import com.akidb.vector.Similarity;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalEmbeddingManagerTests {

    private static LocalEmbeddingManager manager;

    @BeforeAll
    static void open() {
        manager = RealModel.manager();
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @Test
    void saysWhichModelsCanBeUsedNowAndWhyOthersCannot() {
        assertThat(manager.models())
                .extracting(ModelInfo::id, ModelInfo::refusal)
                .contains(
                        tuple("all-minilm-l6-v2", null),
                        tuple("qwen3-0.6b-4bit", "this server has no backend 'mlx'"),
                        tuple("openai/text-embedding-3-small", "this server has no backend 'openai'"));
    }

    @Test
    void embedsTextsInOrderWithNormOne() {
        EmbeddingResult result = embed("The cat sat on the mat", "A cat was sitting on a mat", "Stocks fell sharply");

        assertThat(result.model()).isEqualTo("all-minilm-l6-v2");
        assertThat(result.dimension()).isEqualTo(384);
        assertThat(result.vectors()).hasSize(3).allSatisfy(vector -> {
            assertThat(vector).hasSize(384);
            assertThat(Vectors.norm(vector)).isCloseTo(1, within(1e-5));
        });
        assertThat(Similarity.cosine(result.vectors().get(0), result.vectors().get(1)))
                .isGreaterThan(0.88f);
        assertThat(Similarity.cosine(result.vectors().get(0), result.vectors().get(2)))
                .isLessThan(0.2f);
    }

    @Test
    void countsTheTokensThatTheModelWasFed() {
        assertThat(embed("granite", "hello world").totalTokens()).isEqualTo(3 + 4);
        assertThat(embed("").totalTokens()).isEqualTo(2);
    }

    @Test
    void answersFromTheCacheWhenTheSameTextComesTwice() {
        EmbeddingResult first = embed("comes twice");
        EmbeddingResult second = embed("comes twice", "comes once");

        assertThat(first.cached()).containsExactly(false);
        assertThat(second.cached()).containsExactly(true, false);
        assertThat(second.vectors().getFirst()).isSameAs(first.vectors().getFirst());
        assertThat(second.totalTokens()).isEqualTo(4 + 4);
    }

    @Test
    void computesAnewWhenTheCacheIsCleared() {
        embed("to be forgotten");
        manager.clearCache();

        assertThat(embed("to be forgotten").cached()).containsExactly(false);
    }

    @Test
    void givesEqualTextsOfOneRequestOneVector() {
        EmbeddingResult result = embed("equal", "other", "equal");

        assertThat(result.vectors().get(0)).isSameAs(result.vectors().get(2));
    }

    @Test
    void givesTheSameVectorAloneAndInMixedBatches() {
        Random random = new Random(7);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            texts.add("word ".repeat(1 + random.nextInt(40)) + i);
        }
        List<float[]> together = join(manager.embed(uncached(texts))).vectors();
        for (int i = 0; i < texts.size(); i += 7) {
            float[] alone = join(manager.embed(uncached(List.of(texts.get(i)))))
                    .vectors()
                    .getFirst();
            assertThat(Similarity.cosine(alone, together.get(i))).isGreaterThan(0.99999f);
        }
    }

    @Test
    void poolsAsAskedFor() {
        float[] mean = pooled(Pooling.MEAN);

        assertThat(pooled(Pooling.CLS)).isNotEqualTo(mean);
        assertThat(pooled(Pooling.LAST)).isNotEqualTo(mean).isNotEqualTo(pooled(Pooling.CLS));
    }

    private static float[] pooled(Pooling pooling) {
        EmbeddingRequest request = new EmbeddingRequest(
                List.of("three ways"),
                null,
                pooling,
                true,
                null,
                InputType.NONE,
                true,
                true,
                Duration.ofSeconds(30),
                Account.SERVER);
        return join(manager.embed(request)).vectors().getFirst();
    }

    @Test
    void givesTheRawVectorWhenNotToNormalize() {
        EmbeddingRequest raw = new EmbeddingRequest(
                List.of("raw"),
                null,
                null,
                false,
                null,
                InputType.NONE,
                true,
                true,
                Duration.ofSeconds(30),
                Account.SERVER);
        float[] vector = join(manager.embed(raw)).vectors().getFirst();

        assertThat(Vectors.norm(vector)).isNotCloseTo(1, within(0.01));
        assertThat(Similarity.cosine(vector, embed("raw").vectors().getFirst())).isGreaterThan(0.99999f);
    }

    @Test
    void saysWhichTextsWereCut() {
        String longText = "many words ".repeat(500);
        EmbeddingResult result = embed("short", longText);

        assertThat(result.truncated()).containsExactly(1);
        assertThat(result.totalTokens()).isEqualTo(3 + 256);
    }

    @Test
    void refusesLongTextsWhenNotToTruncate() {
        String longText = "many more words ".repeat(500);

        for (int time = 0; time < 2; time++) {
            assertRefused(manager.embed(untruncated(List.of("short", longText))), ErrorCode.TEXT_TOO_LONG, "texts[1]");
            // The second time it lies in the cache.
            embed(longText);
        }
    }

    private static EmbeddingRequest untruncated(List<String> texts) {
        return new EmbeddingRequest(
                texts, null, null, true, null, InputType.NONE, false, true, Duration.ofSeconds(30), Account.SERVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uDE00b", "\uD83D\uD83D\uDE00"})
    void refusesHalvesOfSurrogatePairs(String text) {
        assertRefused(
                manager.embed(EmbeddingRequest.of(List.of("fine", text), null, Account.SERVER)),
                ErrorCode.INVALID_ARGUMENT,
                "texts[1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\0", "a\0b", "\uD83D\uDE00", "\n\t", "日本語", "e\u0301"})
    void embedsOddTexts(String text) {
        float[] vector = embed(text).vectors().getFirst();

        assertThat(Vectors.norm(vector)).isCloseTo(1, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "lorem ipsum dolor ", "., ", "日"})
    void embedsAMillionCharacters(String part) {
        EmbeddingResult result = embed(part.repeat(1_000_000 / part.length()));

        assertThat(Vectors.norm(result.vectors().getFirst())).isCloseTo(1, within(1e-5));
    }

    @Test
    void refusesMoreThanAMillionCharacters() {
        assertRefused(
                manager.embed(EmbeddingRequest.of(List.of("a".repeat(1_000_001)), null, Account.SERVER)),
                ErrorCode.TEXT_TOO_LONG,
                "texts[0]");
    }

    @Test
    void refusesAnEmptyList() {
        assertThatThrownBy(() -> join(manager.embed(EmbeddingRequest.of(List.of(), null, Account.SERVER))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("texts cannot be empty");
    }

    @Test
    void refusesUnknownModels() {
        assertRefused(
                manager.embed(EmbeddingRequest.of(List.of("a"), "no-such-model", Account.SERVER)),
                ErrorCode.UNKNOWN_MODEL,
                "model");
    }

    @Test
    void refusesModelsThatCannotBeUsedAndSaysWhy() {
        assertThatThrownBy(
                        () -> join(manager.embed(EmbeddingRequest.of(List.of("a"), "gemma-300m-4bit", Account.SERVER))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Model 'gemma-300m-4bit' cannot be used: ");
    }

    @Test
    void refusesOtherDimensionsWhenTheModelCannotBeCut() {
        EmbeddingRequest request = new EmbeddingRequest(
                List.of("a"),
                null,
                null,
                true,
                128,
                InputType.NONE,
                true,
                true,
                Duration.ofSeconds(30),
                Account.SERVER);

        assertRefused(manager.embed(request), ErrorCode.OUT_OF_RANGE, "dimensions");
    }

    @Test
    void resolvesAliases() {
        EmbeddingResult result = join(manager.embed(
                EmbeddingRequest.of(List.of("a"), "sentence-transformers/all-MiniLM-L6-v2", Account.SERVER)));

        assertThat(result.model()).isEqualTo("all-minilm-l6-v2");
    }

    @Test
    void embedsManyTextsInOneCall() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            texts.add("text number " + i);
        }

        EmbeddingResult result = join(manager.embed(EmbeddingRequest.of(texts, null, Account.SERVER)));

        assertThat(result.vectors()).hasSize(1500);
        assertThat(result.vectors().get(1499))
                .isEqualTo(embed("text number 1499").vectors().getFirst());
    }

    @Test
    void saysWhatModelsThereAre() {
        join(manager.preload("all-minilm-l6-v2"));

        assertThat(manager.modelInfo(null))
                .isEqualTo(new ModelInfo("all-minilm-l6-v2", 384, 256, "sentence", true, true, null));
        assertThat(manager.models())
                .extracting(ModelInfo::id)
                .startsWith("all-minilm-l6-v2")
                .contains("qwen3-0.6b-4bit");
        assertThatThrownBy(() -> manager.modelInfo("nothing")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void isHealthyWhenTheDefaultModelIsLoaded() {
        join(manager.preload("all-minilm-l6-v2"));

        assertThat(manager.healthCheck()).isCompleted();
    }

    @Test
    void refusesVectorsOfTheWrongLength() {
        manager.validateVector(new float[384], 384);

        assertThatThrownBy(() -> manager.validateVector(new float[3], 384))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Vector dimension mismatch: got 3, expected 384");
    }

    private static EmbeddingRequest uncached(List<String> texts) {
        return new EmbeddingRequest(
                texts, null, null, true, null, InputType.NONE, true, false, Duration.ofSeconds(60), Account.SERVER);
    }

    private static EmbeddingResult embed(String... texts) {
        return join(manager.embed(EmbeddingRequest.of(List.of(texts), null, Account.SERVER)));
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(CompletableFuture<EmbeddingResult> answer, ErrorCode code, String field) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> join(answer))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code))
                .satisfies(failure ->
                        assertThat(((AkidbException) failure).field()).contains(field));
    }
}
