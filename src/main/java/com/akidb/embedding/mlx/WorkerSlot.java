package com.akidb.embedding.mlx;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A place in a pool, which one worker after the other takes. The pool's lock guards its changes; reading is free. */
final class WorkerSlot {

    /** What its worker does. */
    enum State {
        LOADING,
        IDLE,
        BUSY,
        LOST
    }

    private final int number;
    private final LongAdder calls = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private volatile State state = State.LOADING;
    private volatile @Nullable Worker worker;

    WorkerSlot(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    State state() {
        return state;
    }

    boolean isUsable() {
        return state == State.IDLE || state == State.BUSY;
    }

    Worker worker() {
        Worker present = worker;
        if (present == null) {
            throw new IllegalStateException("No worker was started here");
        }
        return present;
    }

    Stream<Worker> ifFilled() {
        return Stream.ofNullable(worker);
    }

    void fill(Worker newWorker) {
        worker = newWorker;
        state = State.LOADING;
    }

    void becomes(State newState) {
        state = newState;
    }

    void counted() {
        calls.increment();
    }

    void restarted() {
        restarts.increment();
    }

    long calls() {
        return calls.sum();
    }

    long restarts() {
        return restarts.sum();
    }
}
