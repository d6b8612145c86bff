package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingBackend.TextVectors;
import com.akidb.embedding.EmbeddingBackend.TextsFailedException;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.OverloadedException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that take texts as they are. */
class TextBackendTests {

    private static final int DIMENSION = 384;

    private final Lengths backend = new Lengths();
    private final LocalEmbeddingManager manager =
            RealModel.manager(List.of(backend.factory()), new SimpleMeterRegistry());

    @AfterEach
    void close() {
        manager.close();
    }

    /** Tells a text's length and first character, counts 100 tokens a call, and refuses or fails on certain words. */
    private static final class Lengths implements TextBackend {

        private final List<TextBatch> calls = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> gate = new CompletableFuture<>();
        private volatile Optional<String> refusal = Optional.empty();

        @Override
        public TextVectors encode(TextBatch batch) {
            calls.add(batch);
            float[][] vectors = new float[batch.texts().size()][DIMENSION];
            for (int i = 0; i < vectors.length; i++) {
                String text = batch.texts().get(i);
                if (text.startsWith("refuse")) {
                    throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "not this one", null);
                }
                if (text.equals("wait")) {
                    gate.join();
                }
                if (text.startsWith("stumble")) {
                    throw new TextsFailedException("no such word", new IllegalStateException());
                }
                if (text.startsWith("busy")) {
                    throw new OverloadedException("the provider is busy", Duration.ofSeconds(7));
                }
                vectors[i][0] = text.length();
                vectors[i][1] = text.isEmpty() ? 0 : text.charAt(0);
            }
            return TextVectors.sharing(batch, vectors, 100);
        }

        EmbeddingBackendFactory factory() {
            return new EmbeddingBackendFactory() {
                @Override
                public String kind() {
                    return "onnx";
                }

                @Override
                public EmbeddingBackend open(ModelSpec spec, ModelFiles files) {
                    return Lengths.this;
                }

                @Override
                public Optional<String> refusal(ModelSpec spec) {
                    return refusal;
                }
            };
        }

        @Override
        public void warmUp() {}

        @Override
        public int parallelism() {
            return 1;
        }

        @Override
        public BatchPolicy batchPolicy() {
            return new BatchPolicy(32, 100_000, 100_000);
        }

        @Override
        public void close() {}
    }

    @Test
    void getsTextsOfAllLengthsTogetherAsTheyAre() {
        EmbeddingResult result = embed("a", "longer text", "日本");

        assertThat(result.vectors()).extracting(vector -> (int) vector[0]).containsExactly(1, 11, 2);
        assertThat(backend.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.texts()).containsExactlyInAnyOrder("a", "longer text", "日本"));
        assertThat(result.totalTokens()).isEqualTo(100);
        assertThat(embed("longer text").totalTokens()).isBetween(2L, 98L);
    }

    @Test
    void cutsTextsByEstimateAndSaysSo() {
        EmbeddingResult result = embed("short", "x".repeat(10_000));

        assertThat(result.truncated()).containsExactly(1);
        assertThat(result.vectors().get(1)[0]).isEqualTo(256 * 4 + 3);
    }

    @Test
    void failsOnlyTheTextThatTheModelRefuses() {
        manager.preload("all-minilm-l6-v2").join();

        assertThatThrownBy(() -> embed("a", "b", "c", "refuse", "d"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("not this one");
        assertThat(embed("a", "b", "c", "d").vectors()).hasSize(4);
        assertThat(manager.healthCheck()).isCompleted();
    }

    @Test
    void failsOnlyTheCallerWhoseTextTheModelFailsOn() {
        manager.preload("all-minilm-l6-v2").join();
        CompletableFuture<EmbeddingResult> busy = manager.embed(raw("wait"));
        while (backend.calls.stream().noneMatch(call -> call.texts().contains("wait"))) {
            Thread.onSpinWait();
        }
        CompletableFuture<EmbeddingResult> one = manager.embed(raw("a", "b"));
        CompletableFuture<EmbeddingResult> stumbling = manager.embed(raw("c", "stumble"));
        CompletableFuture<EmbeddingResult> other = manager.embed(raw("d"));
        backend.gate.complete(null);

        assertThat(one.join().vectors()).hasSize(2);
        assertThat(other.join().vectors()).hasSize(1);
        assertThatThrownBy(stumbling::join)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .cause()
                .hasMessage("Batch embedding failed: no such word");
        assertThat(backend.calls).anySatisfy(call -> assertThat(call.texts()).contains("a", "stumble", "d"));
        assertThat(busy).isCompleted();
    }

    @Test
    void handsOnWhatTheBackendSaysToTheCaller() {
        assertThatThrownBy(() -> embed("busy"))
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        busy -> assertThat(busy.retryAfter()).hasSeconds(7));
    }

    @Test
    void isNotOpenedWhileItIsRefused() {
        backend.refusal = Optional.of("there is no key");

        assertThatThrownBy(() -> embed("a"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Model 'all-minilm-l6-v2' cannot be used: there is no key");
        assertThatThrownBy(() -> manager.preload("all-minilm-l6-v2").join())
                .hasCauseInstanceOf(InvalidInputException.class);
        backend.refusal = Optional.empty();
        assertThat(embed("a").vectors()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "abc, 1", "abcdefgh, 2", "日本語, 2", "😀😀, 2", "ééééé, 2"})
    void estimatesAQuarterOfTheBytes(String text, int tokens) {
        assertThat(TokenEstimate.of(text)).isEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource({"abcdefghijkl, 2, abcdefghijk", "😀😀😀, 2, 😀😀", "日本語日本語, 2, 日本語", "abc, 1, abc"})
    void cutsBetweenCharacters(String text, int tokens, String cut) {
        assertThat(TokenEstimate.cut(text, tokens)).isEqualTo(cut);
        assertThat(TokenEstimate.of(cut)).isLessThanOrEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "100, 100", "1000000, 1000000", "0, 3"})
    void sharesTheCountOfACallOutWithoutLoss(int total, int shared) {
        TextBatch batch = new TextBatch(List.of("a", "b".repeat(50), "c".repeat(4000)), Pooling.MEAN);
        int[] tokens = TextVectors.sharing(batch, new float[3][], total).tokens();

        assertThat(tokens[0] + tokens[1] + tokens[2]).isEqualTo(shared);
        assertThat(tokens[0]).isBetween(1, tokens[1]);
        assertThat(tokens[1]).isLessThanOrEqualTo(tokens[2]);
    }

    private static EmbeddingRequest raw(String... texts) {
        return new EmbeddingRequest(
                List.of(texts),
                null,
                null,
                false,
                null,
                InputType.NONE,
                true,
                true,
                Duration.ofSeconds(30),
                Account.SERVER);
    }

    private EmbeddingResult embed(String... texts) {
        try {
            return manager.embed(raw(texts)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
