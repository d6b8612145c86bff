package com.akidb.embedding;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Turns texts into vectors; all parts of the server embed through it. Safe for many threads. */
public interface EmbeddingManager {

    /**
     * Embeds, and charges the texts to the request's account. Never blocks its caller and may be called on an event loop:
     * short texts are tokenised on the calling thread, long ones and inference have threads of the manager's own.
     * Cancelling the future drops what is still queued.
     *
     * @return completes with the vectors, at once if all of them are cached, or exceptionally with an
     *     {@link com.akidb.error.AkidbException}: invalid request, unknown model, used-up quota, full queue, passed
     *     deadline, failed inference
     */
    CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request);

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

    /**
     * What tells a model's vectors from those of others and of other versions of it: where fingerprints are equal, the same
     * text with the same options gives the same vector. Loads the model if need be.
     */
    CompletableFuture<String> fingerprint(String model);

    /** The fingerprint of a model that is in memory; empty for others. */
    Optional<String> knownFingerprint(String model);

    /** Forgets all cached vectors. */
    void clearCache();

    /**
     * Refuses a vector of the wrong length.
     *
     * @throws com.akidb.error.InvalidInputException {@code Vector dimension mismatch: got n, expected m}
     */
    void validateVector(float[] vector, int expectedDimension);

    /** The workers of loaded models whose workers can die and are replaced, by model id. */
    default Map<String, WorkerCounts> workers() {
        return Map.of();
    }

    /** Completes if the default model can embed, else fails with the reason. */
    CompletableFuture<Void> healthCheck();

    /**
     * The workers of a backend that replaces those that die.
     *
     * @param size how many there should be
     * @param ready how many can be called, those at work included
     * @param restarts how often one was replaced since the model was loaded
     */
    record WorkerCounts(int size, int ready, long restarts) {}

    /**
     * What callers are told about a model.
     *
     * @param id registry id
     * @param dimension length of its vectors
     * @param maxTokens most tokens of a text that it takes
     * @param type {@code sentence} or {@code document}
     * @param cached whether its files are on this machine
     * @param loaded whether it is in memory and warm
     * @param refusal why it cannot be used now; null if it can, perhaps after a download
     */
    record ModelInfo(
            String id,
            int dimension,
            int maxTokens,
            String type,
            boolean cached,
            boolean loaded,
            @Nullable String refusal) {}
}
