package com.akidb.embedding;

import com.akidb.model.ModelRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.context.SmartLifecycle;

/**
 * Holds the ports closed until the default model can embed. Loading begins when the bean is made and runs beside the
 * rest of the start.
 */
final class EmbeddingStartup implements SmartLifecycle {

    private final CompletableFuture<ModelInfo> loading;
    private volatile boolean running;

    EmbeddingStartup(EmbeddingManager manager, ModelRegistry registry) {
        loading = manager.preload(registry.defaultModel().id());
    }

    @Override
    public void start() {
        try {
            loading.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("Failed to initialize embedding manager: " + cause.getMessage(), cause);
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the servers, which start last. */
    @Override
    public int getPhase() {
        return 0;
    }
}
