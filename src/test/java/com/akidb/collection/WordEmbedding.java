package com.akidb.collection;

import com.akidb.embedding.EmbeddingDouble;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.vector.Vectors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Embeds by counting words: texts that share words are near. Model {@code words} has 8 dimensions. */
public class WordEmbedding extends EmbeddingDouble {

    /** The requests that came, in order. */
    public final List<EmbeddingRequest> requests = Collections.synchronizedList(new ArrayList<>());

    /** When set, answers wait until a test completes it. */
    public volatile @Nullable CompletableFuture<Void> gate;

    /** The last answer that was promised. */
    public volatile @Nullable CompletableFuture<EmbeddingResult> last;

    /** Called at the end of each call of {@link #embed}. */
    public volatile Runnable onEmbed = () -> {};

    private final int dimension;

    public WordEmbedding(int dimension) {
        this.dimension = dimension;
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        request.account().chargeTexts(request.texts().size());
        requests.add(request);
        modelInfo(request.model());
        int length = request.dimension() == null ? dimension : request.dimension();
        List<float[]> vectors = request.texts().stream()
                .map(text -> vector(text, length, !Boolean.FALSE.equals(request.normalize())))
                .toList();
        EmbeddingResult result = new EmbeddingResult(
                vectors,
                "words",
                length,
                request.texts().size(),
                0,
                List.of(),
                Collections.nCopies(vectors.size(), false));
        CompletableFuture<Void> waiting = gate;
        CompletableFuture<EmbeddingResult> answer =
                waiting == null ? CompletableFuture.completedFuture(result) : waiting.thenApply(opened -> result);
        last = answer;
        onEmbed.run();
        return answer;
    }

    private static float[] vector(String text, int length, boolean normalize) {
        float[] vector = new float[length];
        vector[0] = 0.1f;
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            vector[Math.floorMod(word.hashCode(), length)] += 1;
        }
        return normalize ? Vectors.normalize(vector) : vector;
    }

    @Override
    public ModelInfo modelInfo(@Nullable String model) {
        if (model != null && !model.equals("words")) {
            throw new InvalidInputException(ErrorCode.UNKNOWN_MODEL, "Unknown model '" + model + "'", "model");
        }
        return new ModelInfo("words", dimension, 64, "sentence", true, true, null);
    }
}
