package com.akidb.ops;

import com.akidb.engine.TableEngine;
import org.springframework.context.SmartLifecycle;

/** Closes the engine last, when nobody can write to it any more, so that its snapshots hold everything. */
final class EngineLifecycle implements SmartLifecycle {

    static final int PHASE = EmbeddingLifecycle.PHASE - 1;

    private final TableEngine engine;
    private volatile boolean running;

    EngineLifecycle(TableEngine engine) {
        this.engine = engine;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        Closing.close("table engine", engine);
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
