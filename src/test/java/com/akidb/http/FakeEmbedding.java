package com.akidb.http;

import com.akidb.embedding.EmbeddingDouble;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.OverloadedException;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes three-dimensional vectors of texts; some texts make it behave oddly. */
public final class FakeEmbedding extends EmbeddingDouble {

    /** A text whose embedding never completes. */
    public static final String NEVER = "never";
    /** A text that finds the queue full. */
    public static final String FULL = "full";
    /** A text at which the model breaks with an exception that is not meant for callers. */
    public static final String BROKEN = "broken";
    /** A text at which a class cannot be loaded. */
    public static final String UNLINKED = "unlinked";
    /** A text whose vector comes later, and is none that can be rendered. */
    public static final String UNPRINTABLE = "unprintable";
    /** A text whose vector is in the cache. */
    public static final String KNOWN = "known";
    /** A text that is long to tokenise. */
    public static final String LONG = "long ".repeat(100);

    public final List<CompletableFuture<EmbeddingResult>> pending = new CopyOnWriteArrayList<>();
    public final AtomicInteger cleared = new AtomicInteger();
    public volatile @Nullable EmbeddingRequest last;

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        request.account().chargeTexts(request.texts().size());
        last = request;
        modelInfo(request.model());
        if (request.texts().contains(FULL)) {
            return CompletableFuture.failedFuture(
                    new OverloadedException("The queue is full", Duration.ofMillis(1500)));
        }
        if (request.texts().contains(BROKEN)) {
            throw new IllegalStateException("a secret of the inside");
        }
        if (request.texts().contains(UNLINKED)) {
            throw new NoClassDefFoundError("a secret of the inside");
        }
        if (request.texts().contains(UNPRINTABLE)) {
            return CompletableFuture.supplyAsync(() -> result(new Unprintable(), List.of(false)));
        }
        if (request.texts().contains(NEVER)) {
            CompletableFuture<EmbeddingResult> future = new CompletableFuture<>();
            pending.add(future);
            return future;
        }
        List<float[]> vectors =
                request.texts().stream().map(text -> vector(text)).toList();
        List<Boolean> cached =
                request.texts().stream().map(text -> text.equals(KNOWN)).toList();
        return CompletableFuture.completedFuture(result(vectors, cached));
    }

    private static EmbeddingResult result(List<float[]> vectors, List<Boolean> cached) {
        return new EmbeddingResult(vectors, "fake", 3, 5L * vectors.size(), 1, List.of(), cached);
    }

    /** A vector that cannot be read. */
    private static final class Unprintable extends AbstractList<float[]> {
        @Override
        public float[] get(int index) {
            throw new StackOverflowError("a secret of the inside");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    public static float[] vector(String text) {
        return Vectors.normalize(new float[] {text.length() + 1, text.hashCode() % 97, 0.1f});
    }

    @Override
    public ModelInfo modelInfo(@Nullable String model) {
        if (model == null || model.equals("fake") || model.equals("org/fake")) {
            return new ModelInfo("fake", 3, 256, "sentence", true, true, null);
        }
        throw new InvalidInputException(
                ErrorCode.UNKNOWN_MODEL, "Unknown model '" + model + "'; known is fake", "model");
    }

    @Override
    public void clearCache() {
        cleared.incrementAndGet();
    }
}
