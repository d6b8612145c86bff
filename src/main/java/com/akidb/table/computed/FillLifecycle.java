package com.akidb.table.computed;

import org.springframework.context.SmartLifecycle;

/** Goes on with fills when models can be loaded, and stops them before models and the engine close. */
final class FillLifecycle implements SmartLifecycle {

    /** Above the phases in which the embedding manager and the engine close, below that of the servers. */
    static final int PHASE = 1_001;

    private final ColumnFills fills;
    private volatile boolean running;

    FillLifecycle(ColumnFills fills) {
        this.fills = fills;
    }

    @Override
    public void start() {
        fills.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        fills.close();
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
