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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
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
    private final WorkerEndings endings;
    private final AtomicBoolean renewing = new AtomicBoolean();

    WorkerPool(String model, MlxProperties settings, Permits permits, Workers workers) {
        this.model = model;
        this.settings = settings;
        this.permits = permits;
        this.workers = workers;
        endings = new WorkerEndings(settings, permits);
        slots = new WorkerSlots(model, settings.poolSize(), settings.maxLostWorkers());
    }

    List<WorkerSlot> slots() {
        return slots.all();
    }

    /** Waits until something holds of the workers, or the pool is closed. */
    void await(BooleanSupplier holds) throws InterruptedException {
        slots.await(holds);
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
        slots.fill(slot, () -> workers.start(name(slot), this::leaks));
    }

    private String name(WorkerSlot slot) {
        return "mlx-" + model + "-" + slot.number();
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
     * @throws UnavailableException if the pool is closed, or all workers hang in native code
     */
    byte[] call(PythonCall call) {
        return call(call, settings.callTimeout());
    }

    /** The same with another time that it may wait for a worker. */
    byte[] call(PythonCall call, Duration patience) {
        WorkerSlot failed = null;
        while (true) {
            WorkerSlot slot = take(failed, patience);
            Worker worker = slot.worker();
            // Whoever waits for a worker has no permit yet: a worker may be stopped only while nobody has one.
            try (Permits.Permit permit = permits.take(patience)) {
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
            } catch (OverloadedException e) {
                slots.giveBack(slot, worker);
                throw e;
            } catch (InterruptedException e) {
                slots.giveBack(slot, worker);
                Thread.currentThread().interrupt();
                throw WorkerSlots.shuttingDown();
            }
        }
    }

    private WorkerSlot take(@Nullable WorkerSlot avoided, Duration patience) {
        try {
            return slots.take(avoided, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw WorkerSlots.shuttingDown();
        }
    }

    private void settle(WorkerSlot slot, Worker worker, PythonFailure failure) {
        if (failure.kind() == PythonFailure.Kind.RAISED) {
            slots.giveBack(slot, worker);
        } else {
            replace(slot, worker, failure);
        }
    }

    /** Replaces one after the other: MLX counts for the process, so any of them may hold what leaked. Returns at once. */
    private void leaks() {
        if (renewing.compareAndSet(false, true)) {
            onThread("mlx-" + model, () -> {
                slots.all().forEach(this::renew);
                renewing.set(false);
            });
        }
    }

    private void renew(WorkerSlot slot) {
        Worker worker = slot.worker();
        PythonFailure why = new PythonFailure(PythonFailure.Kind.LEAKED, "MLX's memory keeps growing", null);
        if (beginsReplacement(slot, worker, why)) {
            restart(slot, worker, why);
        }
    }

    /** Gives up a worker and starts another in its place. Returns at once. */
    private void replace(WorkerSlot slot, Worker worker, PythonFailure why) {
        if (beginsReplacement(slot, worker, why)) {
            onThread(worker.name(), () -> restart(slot, worker, why));
        }
    }

    private boolean beginsReplacement(WorkerSlot slot, Worker worker, PythonFailure why) {
        boolean begins = slots.beginsReplacement(slot, worker, String.valueOf(why.getMessage()));
        if (begins) {
            log.warn("Worker {} is replaced: {}", worker.name(), why.getMessage());
        }
        return begins;
    }

    private static void onThread(String worker, Runnable replacement) {
        Thread.ofPlatform().name(worker + "-replace").daemon().start(replacement);
    }

    private void restart(WorkerSlot slot, Worker worker, PythonFailure why) {
        worker.stop();
        switch (why.kind()) {
            case HUNG -> endOrGiveUp(worker);
            case DIED -> worker.abandon();
            case LEAKED -> {
                worker.abandon();
                if (!worker.endsWithin(settings.callTimeout())) {
                    endOrGiveUp(worker);
                }
            }
            case RAISED -> throw new IllegalArgumentException("It goes on");
        }
        load(slot, worker.name());
    }

    /** Fills a place, however often that takes, unless it is lost. */
    private void load(WorkerSlot slot, String name) {
        Duration pause = FIRST_PAUSE;
        while (slots.mayRestart(slot)) {
            Optional<RuntimeException> failure = beginAndAwait(slot);
            if (failure.isEmpty()) {
                log.info("Worker {} is ready again", name);
                return;
            }
            log.error("Worker {} does not load again", name, failure.get());
            slots.pauseAfter(String.valueOf(failure.get().getMessage()), pause);
            pause = pause.compareTo(settings.loadTimeout()) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    private void endOrGiveUp(Worker worker) {
        if (!endings.end(worker, settings.callTimeout())) {
            giveUp(worker);
        }
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
        slots.hangs();
        worker.abandon();
        log.error("Worker {} hangs in native code and is given up", worker.name());
        var unused = worker.ended().thenRun(() -> cameBack(worker));
    }

    private void cameBack(Worker worker) {
        log.info("Worker {}, which was given up, has come back and ended", worker.name());
        for (WorkerSlot slot : slots.cameBack()) {
            String name = name(slot);
            onThread(name, () -> load(slot, name));
        }
    }

    /** Why the server should not get calls for the model at present, if so: {@link WorkerSlots}. */
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
        endings.endAll(slots.close().toList());
    }
}
