package com.akidb.embedding;

import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.vector.Vectors;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the stand-ins for models in tests have in common: one model, there and in health. */
public abstract class EmbeddingDouble implements EmbeddingManager {

    @Override
    public List<ModelInfo> models() {
        return List.of(modelInfo(null));
    }

    @Override
    public CompletableFuture<ModelInfo> preload(String model) {
        return CompletableFuture.completedFuture(modelInfo(model));
    }

    @Override
    public CompletableFuture<String> fingerprint(String model) {
        return CompletableFuture.completedFuture(
                "fingerprint of " + modelInfo(model).id());
    }

    @Override
    public Optional<String> knownFingerprint(String model) {
        return Optional.of(fingerprint(model).join());
    }

    @Override
    public void clearCache() {}

    @Override
    public void validateVector(float[] vector, int expectedDimension) {
        Vectors.requireDimension(vector.length, expectedDimension, "vector");
    }

    @Override
    public CompletableFuture<Void> healthCheck() {
        return CompletableFuture.completedFuture(null);
    }
}
