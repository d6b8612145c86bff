package com.akidb.ops;

import com.akidb.embedding.EmbeddingDouble;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A manager whose health a test decides: for the failures that a real model does not show on demand. */
final class ScriptedEmbeddingManager extends EmbeddingDouble implements AutoCloseable {

    static final ModelInfo MODEL = new ModelInfo("test-model", 3, 256, "sentence", true, true, null);

    final AtomicInteger checks = new AtomicInteger();
    private final Supplier<CompletableFuture<Void>> health;
    private final Supplier<CompletableFuture<ModelInfo>> preload;
    private final Runnable onClose;

    ScriptedEmbeddingManager(
            Supplier<CompletableFuture<Void>> health,
            Supplier<CompletableFuture<ModelInfo>> preload,
            Runnable onClose) {
        this.health = health;
        this.preload = preload;
        this.onClose = onClose;
    }

    static ScriptedEmbeddingManager withHealth(Supplier<CompletableFuture<Void>> health) {
        return new ScriptedEmbeddingManager(health, () -> CompletableFuture.completedFuture(MODEL), () -> {});
    }

    static ScriptedEmbeddingManager thatPreloads(Supplier<CompletableFuture<ModelInfo>> preload, Runnable onClose) {
        return new ScriptedEmbeddingManager(() -> CompletableFuture.completedFuture(null), preload, onClose);
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ModelInfo modelInfo(@Nullable String model) {
        return MODEL;
    }

    @Override
    public CompletableFuture<ModelInfo> preload(String model) {
        return preload.get();
    }

    @Override
    public CompletableFuture<Void> healthCheck() {
        checks.incrementAndGet();
        return health.get();
    }

    @Override
    public void close() {
        onClose.run();
    }
}
