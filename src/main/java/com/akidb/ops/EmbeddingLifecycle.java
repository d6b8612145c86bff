package com.akidb.ops;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.error.AkidbException;
import java.util.concurrent.CompletionException;
import org.springframework.context.SmartLifecycle;

/**
 * Warms the default model before the ports open, and drains the embedding manager after they have closed. Its phase is
 * below that of the servers, so it starts before them and stops after them.
 */
final class EmbeddingLifecycle implements SmartLifecycle {

    static final int PHASE = 1000;

    private final EmbeddingManager manager;
    private final ServerState state;
    private volatile boolean running;

    EmbeddingLifecycle(EmbeddingManager manager, ServerState state) {
        this.manager = manager;
        this.state = state;
    }

    @Override
    public void start() {
        try {
            manager.preload(manager.modelInfo(null).id()).join();
        } catch (CompletionException failure) {
            throw failed(failure.getCause() == null ? failure : failure.getCause());
        } catch (AkidbException failure) {
            throw failed(failure);
        }
        running = true;
        state.advance(ServerState.Stage.READY);
    }

    private static StartFailureException failed(Throwable cause) {
        return new StartFailureException("Failed to initialize embedding manager: " + cause.getMessage(), cause);
    }

    @Override
    public void stop() {
        running = false;
        Closing.close("embedding manager", manager);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
