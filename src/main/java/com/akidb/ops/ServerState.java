package com.akidb.ops;

import java.util.concurrent.atomic.AtomicReference;

/** How far the server is in its life. It only ever moves forward. Safe for many threads. */
public final class ServerState {

    /** The stages of a server's life, in order. */
    public enum Stage {
        /** Loading the model; the ports are closed. */
        STARTING,
        /** Serving. */
        READY,
        /** Still serving, but telling load balancers and clients to go elsewhere. */
        LEAVING,
        /** Finishing what it accepted and refusing everything new. */
        DRAINING
    }

    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.STARTING);

    /** The stage the server is in. */
    public Stage stage() {
        return stage.get();
    }

    /** Whether new work should be sent here. */
    public boolean isReady() {
        return stage() == Stage.READY;
    }

    /** Whether new work is to be refused. */
    public boolean isDraining() {
        return stage() == Stage.DRAINING;
    }

    /** Moves on to a stage; does nothing if the server is past it. */
    void advance(Stage next) {
        stage.accumulateAndGet(next, (now, then) -> then.compareTo(now) > 0 ? then : now);
    }
}
