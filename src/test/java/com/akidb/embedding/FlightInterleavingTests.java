package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingBackend.TextVectors;
import com.akidb.embedding.batching.BatchingProperties;
import com.akidb.junit.InterleavingTest;
import com.akidb.junit.Threads;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.unit.DataSize;

/** Calls that want the same text at once. */
class FlightInterleavingTests {

    private static final ModelSpec SPEC = new ModelSpec(
            "model",
            List.of(),
            "test",
            2,
            16,
            Pooling.MEAN,
            "",
            false,
            "",
            2,
            "sentence",
            new ModelSource.OwnPackage("", ""),
            null);

    private final AtomicInteger encoded = new AtomicInteger();
    private final VectorCache cache = new VectorCache(new CacheProperties(10, DataSize.ofKilobytes(100)));
    private final EmbeddingMetrics metrics = new EmbeddingMetrics(new SimpleMeterRegistry());
    private final TextEmbedder embedder = new TextEmbedder(cache, metrics, false);

    /** Vectors with the length of the text. */
    private final class Backend implements TextBackend, EmbeddingBackendFactory {

        @Override
        public TextVectors encode(TextBatch batch) {
            encoded.addAndGet(batch.texts().size());
            float[][] vectors = batch.texts().stream()
                    .map(text -> new float[] {text.length(), 1})
                    .toArray(float[][]::new);
            int[] tokens = new int[vectors.length];
            Arrays.fill(tokens, 1);
            return new TextVectors(vectors, tokens);
        }

        @Override
        public void warmUp() {}

        @Override
        public int parallelism() {
            return 1;
        }

        @Override
        public BatchPolicy batchPolicy() {
            return new BatchPolicy(1, 16, 16);
        }

        @Override
        public void close() {}

        @Override
        public String kind() {
            return "test";
        }

        @Override
        public EmbeddingBackend open(ModelSpec spec, ModelFiles files) {
            return this;
        }
    }

    private LoadedModel open() {
        return LoadedModel.open(
                SPEC,
                ModelFiles.none("fingerprint"),
                new Backend(),
                1,
                new BatchingProperties(10, Duration.ofMillis(1), true, Duration.ofSeconds(1), Duration.ofMinutes(10)),
                metrics.of("model"));
    }

    private EmbeddingCall call(String... texts) {
        return new EmbeddingCall(
                EmbeddingRequest.of(List.of(texts), null, Account.SERVER),
                "model",
                System.nanoTime(),
                metrics.of("model"));
    }

    private void embed(LoadedModel model, EmbeddingCall call) {
        Tokenizing.Steps steps = embedder.stepsOf(call, model);
        while (steps.next()) {
            // Until its texts wait for the model.
        }
    }

    private static void assertAnswered(EmbeddingCall call) {
        float[] vector = call.result().join().vectors().getFirst();
        assertThat(Math.round(vector[0] / vector[1])).isEqualTo("text".length());
    }

    @InterleavingTest
    void oneComputesTheTextThatAllWaitFor() throws Exception {
        try (LoadedModel model = open()) {
            Threads.Work work = () -> {
                EmbeddingCall call = call("text");
                embed(model, call);
                assertAnswered(call);
            };
            Threads.start(work, work, work).join();
        }
        assertThat(encoded).hasValue(1);
    }

    @InterleavingTest
    void aTextThatOneGivesUpIsComputedForTheOthers() throws Exception {
        try (LoadedModel model = open()) {
            EmbeddingCall givenUp = call("text");
            embed(model, givenUp);
            // The model's worker finds that nobody waits, or somebody does again, while this thread goes on.
            givenUp.result().cancel(false);
            EmbeddingCall call = call("text");
            embed(model, call);
            assertAnswered(call);
        }
    }

    @InterleavingTest
    void aModelThatClosesAnswersAllThatItTook() throws Exception {
        LoadedModel model = open();
        CompletableFuture<?>[] results = new CompletableFuture<?>[2];
        Threads.start(
                        () -> {
                            EmbeddingCall call = call("text", "texts");
                            results[0] = call.result();
                            embed(model, call);
                        },
                        () -> {
                            EmbeddingCall call = call("text");
                            results[1] = call.result();
                            embed(model, call);
                        },
                        model::close)
                .join();
        for (CompletableFuture<?> result : results) {
            result.handle((vectors, failure) -> vectors == null).join();
        }
    }
}
