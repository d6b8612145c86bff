package com.akidb.embedding;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Text to vectors: the one way to embed, for every surface. Safe for many threads. */
public interface EmbeddingManager {

    /**
     * Embeds. Returns at once when nothing has to be computed, and never blocks on the queue or on inference; texts are
     * tokenised in the calling thread, so long ones do not belong on an event loop (see {@link #isCheap}). Cancelling
     * the future drops what is still queued.
     *
     * @return completes with the vectors, or exceptionally with an {@link com.akidb.error.AkidbException}: invalid
     *     request, unknown model, full queue, passed deadline, failed inference
     */
    CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request);

    /** Whether tokenising these texts is so little work that an event loop may do it. */
    boolean isCheap(List<String> texts);

    /**
     * The model of that name, or the default model for null.
     *
     * @throws com.akidb.error.InvalidInputException for a name that is not registered
     */
    ModelInfo modelInfo(@Nullable String model);

    /** All registered models, the default first. */
    List<ModelInfo> models();

    /** Loads and warms a model; completes when it can embed. */
    CompletableFuture<ModelInfo> preload(String model);

    /** Forgets all cached vectors. */
    void clearCache();

    /**
     * Refuses a vector of the wrong length.
     *
     * @throws com.akidb.error.InvalidInputException {@code Vector dimension mismatch: got n, expected m}
     */
    void validateVector(float[] vector, int expectedDimension);

    /** The workers of loaded models whose workers can be lost, by the models' ids. */
    default Map<String, WorkerCounts> workers() {
        return Map.of();
    }

    /** Completes if the default model can embed, and fails with the reason if not. */
    CompletableFuture<Void> healthCheck();
}
