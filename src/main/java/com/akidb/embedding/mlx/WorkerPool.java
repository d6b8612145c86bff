package com.akidb.embedding.mlx;

import com.akidb.embedding.WorkerCounts;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of one model. A call goes to the worker that has been idle longest. A worker that dies, hangs or leaks is
 * replaced; a call that failed is tried once more, by another worker if there is one, unless it hung.
 */
final class WorkerPool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** Makes the workers of this model. */
    interface Workers {

        /**
         * Starts a worker.
         *
         * @param leaking called on the worker's thread when its memory has grown beyond what is allowed
         */
        Worker start(String name, Runnable leaking);
    }

    private final String model;
    private final MlxProperties settings;
    private final Permits permits;
    private final Workers workers;
    private final WorkerSlots slots;

    WorkerPool(String model, MlxProperties settings, Permits permits, Workers workers) {
        this.model = model;
        this.settings = settings;
        this.permits = permits;
        this.workers = workers;
        slots = new WorkerSlots(model, settings.poolSize(), settings.maxLostWorkers());
    }

    List<WorkerSlot> slots() {
        return slots.all();
    }

    /**
     * Starts all workers and waits for them.
     *
     * @throws PythonFailure if one cannot load the model
     * @throws UnavailableException if the pool is closed meanwhile
     */
    void open() {
        slots.all().forEach(this::begin);
        for (WorkerSlot slot : slots.all()) {
            Optional<RuntimeException> failure = awaitLoaded(slot);
            if (failure.isPresent()) {
                close();
                throw failure.get();
            }
        }
    }

    private void begin(WorkerSlot slot) {
        String name = "mlx-" + model + "-" + slot.number();
        slots.fill(slot, () -> workers.start(name, () -> leaks(slot)));
    }

    /** Waits for a worker that loads; the slot is idle then. */
    private Optional<RuntimeException> awaitLoaded(WorkerSlot slot) {
        Worker worker = slot.worker();
        try {
            worker.loaded().get(settings.loadTimeout().toNanos(), TimeUnit.NANOSECONDS);
            return slots.ready(slot) ? Optional.empty() : Optional.of(WorkerSlots.shuttingDown());
        } catch (ExecutionException e) {
            return Optional.of(
                    e.getCause() instanceof RuntimeException cause
                            ? cause
                            : new PythonFailure(PythonFailure.Kind.DIED, String.valueOf(e.getCause()), e.getCause()));
        } catch (TimeoutException e) {
            worker.stop();
            return Optional.of(new PythonFailure(
                    PythonFailure.Kind.HUNG,
                    "the model was not loaded within " + settings.loadTimeout().toSeconds() + " s",
                    e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(WorkerSlots.shuttingDown());
        }
    }

    /**
     * Runs a call in one of the workers.
     *
     * @throws PythonFailure if it failed twice, or hung
     * @throws OverloadedException if no worker or permit became free in time
     * @throws UnavailableException if the pool is closed, or too many workers hang
     */
    byte[] call(PythonCall call) {
        return call(call, settings.callTimeout());
    }

    /** The same with another time that it may wait for a worker. */
    byte[] call(PythonCall call, Duration patience) {
        WorkerSlot failed = null;
        while (true) {
            try (Permits.Permit permit = permits.take(patience)) {
                WorkerSlot slot = slots.take(failed, patience);
                Worker worker = slot.worker();
                try {
                    byte[] answer = worker.call(call, settings.callTimeout());
                    slots.giveBack(slot, worker);
                    return answer;
                } catch (PythonFailure e) {
                    settle(slot, worker, e);
                    if (failed != null || e.kind() == PythonFailure.Kind.HUNG) {
                        throw e;
                    }
                    log.warn("A call failed in worker {} and is tried once more: {}", worker.name(), e.getMessage());
                    failed = slot;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw WorkerSlots.shuttingDown();
            }
        }
    }

    private void settle(WorkerSlot slot, Worker worker, PythonFailure failure) {
        if (failure.kind() == PythonFailure.Kind.RAISED) {
            slots.giveBack(slot, worker);
        } else {
            replace(slot, worker, failure);
        }
    }

    private void leaks(WorkerSlot slot) {
        replace(slot, slot.worker(), new PythonFailure(PythonFailure.Kind.LEAKED, "MLX's memory keeps growing", null));
    }

    /** Gives up a worker and starts another in its place. Returns at once. */
    private void replace(WorkerSlot slot, Worker worker, PythonFailure why) {
        if (slots.beginsReplacement(slot, worker, String.valueOf(why.getMessage()))) {
            log.warn("Worker {} is replaced: {}", worker.name(), why.getMessage());
            Thread.ofPlatform().name(worker.name() + "-replace").daemon().start(() -> restart(slot, worker, why));
        }
    }

    private void restart(WorkerSlot slot, Worker worker, PythonFailure why) {
        worker.stop();
        switch (why.kind()) {
            case HUNG -> {
                if (!interrupt(worker)) {
                    giveUp(worker);
                }
            }
            case DIED -> worker.abandon();
            case RAISED, LEAKED -> {
                // It ends in order.
            }
        }
        Duration pause = FIRST_PAUSE;
        while (slots.mayRestart(slot)) {
            Optional<RuntimeException> failure = beginAndAwait(slot);
            if (failure.isEmpty()) {
                log.info("Worker {} is ready again", worker.name());
                return;
            }
            log.error("Worker {} does not load again", worker.name(), failure.get());
            slots.pauseAfter(String.valueOf(failure.get().getMessage()), pause);
            pause = pause.compareTo(settings.loadTimeout()) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    /** In a Python that others share, all are interrupted, so none may be at work. */
    private boolean interrupt(Worker worker) {
        Duration patience = settings.interruptTimeout();
        return settings.isolationOrDefault() == Isolation.CONTEXT
                ? worker.interrupt(patience, false)
                : permits.alone(settings.callTimeout(), () -> worker.interrupt(patience, true));
    }

    private Optional<RuntimeException> beginAndAwait(WorkerSlot slot) {
        try {
            begin(slot);
        } catch (UnavailableException e) {
            return Optional.of(e);
        }
        return awaitLoaded(slot);
    }

    /** A native call does not return: its worker is left to it, and counted until it does. */
    private void giveUp(Worker worker) {
        slots.changeStuck(1);
        worker.abandon();
        log.error("Worker {} hangs in native code and is given up", worker.name());
        var unused = worker.ended().thenRun(() -> slots.changeStuck(-1));
    }

    /** Why the model cannot be used at present, if so. */
    Optional<String> trouble() {
        return slots.trouble();
    }

    /** How many workers there are. */
    WorkerCounts counts() {
        return slots.counts();
    }

    /** Ends all workers: idle ones at once, busy ones after their call, loading ones when Python heeds it. */
    @Override
    public void close() {
        List<Worker> last = slots.close().toList();
        last.forEach(Worker::stop);
        last.forEach(this::awaitEnd);
    }

    private void awaitEnd(Worker worker) {
        if (!worker.endsWithin(settings.closeTimeout())) {
            interrupt(worker);
            if (!worker.endsWithin(settings.interruptTimeout())) {
                log.warn("Worker {} has not ended and is left behind", worker.name());
            }
        }
    }
}
