package com.akidb.embedding.mlx;

import com.akidb.embedding.WorkerCounts;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The places of a pool and what is in them: who is idle, who must be waited for, who hangs. Safe for many threads.
 *
 * <p>Whoever hangs in native code is given up and counted. Up to the allowed number each gets a successor; beyond it places
 * stay empty, and the pool says that it is in trouble, so that the server is not ready. Workers that have loaded, or are
 * loading, answer calls all the same. A place is filled again when enough of those that hung have come back.
 */
final class WorkerSlots {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String model;
    private final int mostStuck;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<WorkerSlot> slots = new ArrayList<>();
    private final Deque<WorkerSlot> idle = new ArrayDeque<>();
    private int stuck;
    private boolean closed;
    private String lastFailure = "none has loaded";

    /**
     * Makes empty places.
     *
     * @param mostStuck workers that hang in native code at which no successor is started any more, at least 1
     */
    WorkerSlots(String model, int size, int mostStuck) {
        this.model = model;
        this.mostStuck = mostStuck;
        for (int number = 0; number < size; number++) {
            slots.add(new WorkerSlot(number));
        }
    }

    List<WorkerSlot> all() {
        return slots;
    }

    /** Puts a new worker into a place, unless the pool is closed. */
    void fill(WorkerSlot slot, Supplier<Worker> start) {
        lock.lock();
        try {
            if (closed) {
                throw shuttingDown();
            }
            slot.fill(start.get());
        } finally {
            lock.unlock();
        }
    }

    /** The worker has loaded; false if the pool is closed and it is not wanted any more. */
    boolean ready(WorkerSlot slot) {
        lock.lock();
        try {
            if (!closed) {
                becomesIdle(slot);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the worker that has been idle longest; the avoided one only if there is no other to wait for.
     *
     * @throws UnavailableException if all places are lost, or the pool is closed
     * @throws OverloadedException if no worker became free in time
     */
    WorkerSlot take(@Nullable WorkerSlot avoided, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw shuttingDown();
                }
                for (WorkerSlot slot : idle) {
                    if (slot != avoided || isOnlyOne(slot)) {
                        idle.remove(slot);
                        slot.becomes(WorkerSlot.State.BUSY);
                        slot.counted();
                        changed.signalAll();
                        return slot;
                    }
                }
                if (slots.stream().allMatch(slot -> slot.state() == WorkerSlot.State.LOST)) {
                    throw new UnavailableException(tooManyStuck());
                }
                if (nanos <= 0) {
                    throw new OverloadedException("No MLX worker became free in time", RETRY_AFTER);
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isOnlyOne(WorkerSlot candidate) {
        return slots.stream().noneMatch(slot -> slot != candidate && slot.isUsable());
    }

    void giveBack(WorkerSlot slot, Worker worker) {
        lock.lock();
        try {
            if (slot.worker() == worker && slot.state() == WorkerSlot.State.BUSY) {
                becomesIdle(slot);
            }
        } finally {
            lock.unlock();
        }
    }

    private void becomesIdle(WorkerSlot slot) {
        slot.becomes(WorkerSlot.State.IDLE);
        idle.addLast(slot);
        changed.signalAll();
    }

    /** Whether this worker is still the one in the place, and is from now on to be replaced by the caller. */
    boolean beginsReplacement(WorkerSlot slot, Worker worker, String why) {
        lock.lock();
        try {
            if (closed || slot.worker() != worker || !slot.isUsable()) {
                return false;
            }
            idle.remove(slot);
            slot.becomes(WorkerSlot.State.LOADING);
            slot.restarted();
            lastFailure = why;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether another worker may be started in the place; if not, the place is lost. */
    boolean mayRestart(WorkerSlot slot) {
        lock.lock();
        try {
            boolean may = !closed && stuck < mostStuck;
            if (!may) {
                slot.becomes(WorkerSlot.State.LOST);
                changed.signalAll();
            }
            return may;
        } finally {
            lock.unlock();
        }
    }

    /** A worker hangs in native code. */
    void hangs() {
        lock.lock();
        try {
            stuck++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One that hung has come back, and ends; the places that can be filled again, which are for the caller to fill. */
    List<WorkerSlot> cameBack() {
        lock.lock();
        try {
            stuck--;
            changed.signalAll();
            if (closed || stuck >= mostStuck) {
                return List.of();
            }
            List<WorkerSlot> lost = slots.stream()
                    .filter(slot -> slot.state() == WorkerSlot.State.LOST)
                    .toList();
            lost.forEach(slot -> slot.becomes(WorkerSlot.State.LOADING));
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something holds of the places, or the pool is closed. */
    void await(BooleanSupplier holds) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && !holds.getAsBoolean()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits before loading is tried again; ends early when the pool is closed. */
    void pauseAfter(String failure, Duration pause) {
        lock.lock();
        try {
            lastFailure = failure;
            changed.signalAll();
            long nanos = pause.toNanos();
            while (!closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Why the server should not get calls for the model at present, if so; those that it gets are answered if they can be. */
    Optional<String> trouble() {
        lock.lock();
        try {
            if (stuck >= mostStuck) {
                return Optional.of(tooManyStuck());
            }
            return slots.stream().anyMatch(WorkerSlot::isUsable)
                    ? Optional.empty()
                    : Optional.of("No MLX worker of model '" + model + "' is alive: " + lastFailure);
        } finally {
            lock.unlock();
        }
    }

    /** How many workers there are. */
    WorkerCounts counts() {
        int ready = (int) slots.stream().filter(WorkerSlot::isUsable).count();
        return new WorkerCounts(
                slots.size(),
                ready,
                slots.stream().mapToLong(WorkerSlot::restarts).sum());
    }

    private String tooManyStuck() {
        return stuck + " MLX workers of model '" + model + "' hang in native code; restart the server";
    }

    /** Lets nobody in any more; the workers that are left, nothing if it was closed before. */
    Stream<Worker> close() {
        lock.lock();
        try {
            if (closed) {
                return Stream.empty();
            }
            closed = true;
            changed.signalAll();
            return slots.stream().flatMap(WorkerSlot::ifFilled);
        } finally {
            lock.unlock();
        }
    }

    static UnavailableException shuttingDown() {
        return new UnavailableException("The server is shutting down");
    }
}
