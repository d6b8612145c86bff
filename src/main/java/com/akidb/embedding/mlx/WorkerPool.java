package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingManager.WorkerCounts;
import com.akidb.embedding.mlx.PythonModel.PythonCall;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of one model. Each takes a place of the pool; a worker that dies, hangs or leaks is replaced by another in
 * the same place. A call goes to the worker that has been idle longest; one that failed is tried once more, by another
 * worker if there is one, unless it hung.
 *
 * <pre>
 *              loaded            a call comes
 *   LOADING ----------> IDLE <------------------> BUSY
 *     ^  |               |     the call ended       |
 *     |  |               |                          |
 *     |  |               +------------+-------------+
 *     |  |                            | died, hangs, leaks
 *     |  |                            v
 *     |  +--- too many hang ---> (is ended, then) LOADING
 *     |             |
 *     |             v
 *     +---------- LOST
 *   one that hung comes back
 * </pre>
 *
 * <p>A worker that hangs in native code cannot be ended. It is given up and counted. Up to the allowed number each gets a
 * successor; beyond it places are lost, and the pool says that it is in trouble, so that the server is not ready. Workers
 * that have loaded, or are loading, answer calls all the same. A lost place is filled again when enough of those that hung
 * have come back.
 *
 * <p>Safe for many threads: {@link #lock} guards all changes of places, and {@link #changed} tells of them. Nothing that
 * takes long is done under the lock.
 */
final class WorkerPool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Makes the workers of this model. */
    interface Workers {

        /**
         * Starts a worker.
         *
         * @param leaking called on the worker's thread when its memory has grown beyond what is allowed
         */
        Worker start(String name, Runnable leaking);
    }

    /** What the worker in a place does. */
    enum State {
        LOADING,
        IDLE,
        BUSY,
        LOST
    }

    /** Where one worker after the other works. Changed under the pool's lock; reading is free. */
    static final class Place {

        private final int number;
        private final LongAdder calls = new LongAdder();
        private final LongAdder restarts = new LongAdder();
        private volatile State state = State.LOADING;
        private volatile @Nullable Worker worker;

        private Place(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        State state() {
            return state;
        }

        Worker worker() {
            Worker present = worker;
            if (present == null) {
                throw new IllegalStateException("No worker was started here");
            }
            return present;
        }

        /** How many calls its workers were given. */
        long calls() {
            return calls.sum();
        }

        /** How often its worker was replaced. */
        long restarts() {
            return restarts.sum();
        }

        private boolean answersCalls() {
            return state == State.IDLE || state == State.BUSY;
        }
    }

    private final String model;
    private final MlxProperties settings;
    private final Permits permits;
    private final Workers workers;
    private final AtomicBoolean renewing = new AtomicBoolean();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Place> places = new ArrayList<>();
    /** Those in the state IDLE, the longest first. */
    private final Deque<Place> idle = new ArrayDeque<>();
    /** Workers that were given up and have not come back. */
    private int hanging;

    private boolean closed;
    private String lastFailure = "none has loaded";

    WorkerPool(String model, MlxProperties settings, Permits permits, Workers workers) {
        this.model = model;
        this.settings = settings;
        this.permits = permits;
        this.workers = workers;
        for (int number = 0; number < settings.poolSize(); number++) {
            places.add(new Place(number));
        }
    }

    List<Place> places() {
        return places;
    }

    /** Waits until something holds of the workers, or the pool is closed. */
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

    // Calls: IDLE -> BUSY -> IDLE

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
        Place failed = null;
        while (true) {
            Place place = take(failed, patience);
            Worker worker = place.worker();
            // Whoever waits for a worker has no permit yet: a worker may be stopped only while nobody has one.
            try (Permits.Permit permit = permits.take(patience)) {
                byte[] answer = worker.call(call, settings.callTimeout());
                giveBack(place, worker);
                return answer;
            } catch (PythonFailure e) {
                if (e.kind() == PythonFailure.Kind.RAISED) {
                    giveBack(place, worker);
                } else {
                    replace(place, worker, e);
                }
                if (failed != null || e.kind() == PythonFailure.Kind.HUNG) {
                    throw e;
                }
                log.warn("A call failed in worker {} and is tried once more: {}", worker.name(), e.getMessage());
                failed = place;
            } catch (OverloadedException e) {
                giveBack(place, worker);
                throw e;
            } catch (InterruptedException e) {
                giveBack(place, worker);
                Thread.currentThread().interrupt();
                throw shuttingDown();
            }
        }
    }

    private Place take(@Nullable Place avoided, Duration patience) {
        try {
            return awaitIdle(avoided, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw shuttingDown();
        }
    }

    /** Takes the worker that has been idle longest; the avoided one only if there is no other to wait for. */
    private Place awaitIdle(@Nullable Place avoided, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw shuttingDown();
                }
                for (Place place : idle) {
                    if (place != avoided || isOnlyOne(place)) {
                        idle.remove(place);
                        place.calls.increment();
                        becomes(place, State.BUSY);
                        return place;
                    }
                }
                if (places.stream().allMatch(place -> place.state == State.LOST)) {
                    throw new UnavailableException(tooManyHang());
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

    private boolean isOnlyOne(Place candidate) {
        return places.stream().noneMatch(place -> place != candidate && place.answersCalls());
    }

    private void giveBack(Place place, Worker worker) {
        lock.lock();
        try {
            if (place.worker == worker && place.state == State.BUSY) {
                becomesIdle(place);
            }
        } finally {
            lock.unlock();
        }
    }

    private void becomesIdle(Place place) {
        idle.addLast(place);
        becomes(place, State.IDLE);
    }

    private void becomes(Place place, State state) {
        place.state = state;
        changed.signalAll();
    }

    // Loading: LOADING -> IDLE

    /**
     * Starts all workers and waits for them.
     *
     * @throws PythonFailure if one cannot load the model
     * @throws UnavailableException if the pool is closed meanwhile
     */
    void open() {
        places.forEach(this::start);
        for (Place place : places) {
            Optional<RuntimeException> failure = awaitLoaded(place);
            if (failure.isPresent()) {
                close();
                throw failure.get();
            }
        }
    }

    /** Puts a new worker into a place, unless the pool is closed. */
    private void start(Place place) {
        lock.lock();
        try {
            if (closed) {
                throw shuttingDown();
            }
            place.worker = workers.start(name(place), this::leaks);
            place.state = State.LOADING;
        } finally {
            lock.unlock();
        }
    }

    private String name(Place place) {
        return "mlx-" + model + "-" + place.number;
    }

    /** Waits for a worker that loads; it is idle then. */
    private Optional<RuntimeException> awaitLoaded(Place place) {
        Worker worker = place.worker();
        try {
            worker.loaded().get(settings.loadTimeout().toNanos(), TimeUnit.NANOSECONDS);
            return hasLoaded(place) ? Optional.empty() : Optional.of(shuttingDown());
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
            return Optional.of(shuttingDown());
        }
    }

    /** @return false if the pool is closed and the worker is not wanted any more */
    private boolean hasLoaded(Place place) {
        lock.lock();
        try {
            if (!closed) {
                becomesIdle(place);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    // Replacing: IDLE or BUSY -> LOADING, or LOST when too many hang

    /** Replaces one after the other: MLX counts for the process, so any of them may hold what leaked. Returns at once. */
    private void leaks() {
        if (renewing.compareAndSet(false, true)) {
            onThread("mlx-" + model, () -> {
                places.forEach(this::renew);
                renewing.set(false);
            });
        }
    }

    private void renew(Place place) {
        Worker worker = place.worker();
        PythonFailure why = new PythonFailure(PythonFailure.Kind.LEAKED, "MLX's memory keeps growing", null);
        if (beginsReplacement(place, worker, why)) {
            restart(place, worker, why);
        }
    }

    /** Gives up a worker and starts another in its place. Returns at once. */
    private void replace(Place place, Worker worker, PythonFailure why) {
        if (beginsReplacement(place, worker, why)) {
            onThread(worker.name(), () -> restart(place, worker, why));
        }
    }

    private static void onThread(String worker, Runnable replacement) {
        Thread.ofPlatform().name(worker + "-replace").daemon().start(replacement);
    }

    /** Whether this worker is still the one in the place, and is from now on to be replaced by the caller. */
    private boolean beginsReplacement(Place place, Worker worker, PythonFailure why) {
        lock.lock();
        try {
            if (closed || place.worker != worker || !place.answersCalls()) {
                return false;
            }
            idle.remove(place);
            place.restarts.increment();
            lastFailure = String.valueOf(why.getMessage());
            becomes(place, State.LOADING);
        } finally {
            lock.unlock();
        }
        log.warn("Worker {} is replaced: {}", worker.name(), why.getMessage());
        return true;
    }

    private void restart(Place place, Worker worker, PythonFailure why) {
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
        load(place);
    }

    /** Fills a place, however often that takes, unless it is lost. */
    private void load(Place place) {
        Duration pause = FIRST_PAUSE;
        while (mayBeFilled(place)) {
            Optional<RuntimeException> failure = startAndAwait(place);
            if (failure.isEmpty()) {
                log.info("Worker {} is ready again", name(place));
                return;
            }
            log.error("Worker {} does not load again", name(place), failure.get());
            pauseAfter(String.valueOf(failure.get().getMessage()), pause);
            pause = pause.compareTo(settings.loadTimeout()) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    /** Whether another worker may be started in the place; if not, the place is lost. */
    private boolean mayBeFilled(Place place) {
        lock.lock();
        try {
            boolean may = !closed && hanging < settings.maxLostWorkers();
            if (!may) {
                becomes(place, State.LOST);
            }
            return may;
        } finally {
            lock.unlock();
        }
    }

    private Optional<RuntimeException> startAndAwait(Place place) {
        try {
            start(place);
        } catch (UnavailableException e) {
            return Optional.of(e);
        }
        return awaitLoaded(place);
    }

    /** Waits before loading is tried again; ends early when the pool is closed. */
    private void pauseAfter(String failure, Duration pause) {
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

    // Hanging in native code: counted until it comes back; then LOST -> LOADING

    private void endOrGiveUp(Worker worker) {
        if (!end(worker, settings.callTimeout())) {
            giveUp(worker);
        }
    }

    /**
     * Ends a worker that was told to stop: by MLX, which disturbs no other, or else by an interrupt. In a Python that others
     * share all are interrupted, so none may be at work then.
     *
     * @param untilAlone how long to wait for the others
     * @return false if it goes on, in native code
     */
    private boolean end(Worker worker, Duration untilAlone) {
        if (worker.endsWhenRefused()) {
            return true;
        }
        Duration patience = settings.interruptTimeout();
        return settings.isolationOrDefault() == Isolation.CONTEXT
                ? worker.interrupt(patience)
                : permits.alone(untilAlone, () -> worker.interrupt(patience));
    }

    /** A native call does not return: its worker is left to it, and counted until it does. */
    private void giveUp(Worker worker) {
        hangs();
        worker.abandon();
        log.error("Worker {} hangs in native code and is given up", worker.name());
        var unused = worker.ended().thenRun(() -> cameBack(worker));
    }

    private void hangs() {
        lock.lock();
        try {
            hanging++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void cameBack(Worker worker) {
        log.info("Worker {}, which was given up, has come back and ended", worker.name());
        for (Place place : placesToFillAgain()) {
            onThread(name(place), () -> load(place));
        }
    }

    /** One that hung has come back: the places that were lost and can be filled now, which are for the caller to fill. */
    private List<Place> placesToFillAgain() {
        lock.lock();
        try {
            hanging--;
            changed.signalAll();
            if (closed || hanging >= settings.maxLostWorkers()) {
                return List.of();
            }
            List<Place> lost =
                    places.stream().filter(place -> place.state == State.LOST).toList();
            lost.forEach(place -> becomes(place, State.LOADING));
            return lost;
        } finally {
            lock.unlock();
        }
    }

    // How it is

    /** Why the server should not get calls for the model at present, if so; those that it gets are answered if they can be. */
    Optional<String> trouble() {
        lock.lock();
        try {
            if (hanging >= settings.maxLostWorkers()) {
                return Optional.of(tooManyHang());
            }
            return places.stream().anyMatch(Place::answersCalls)
                    ? Optional.empty()
                    : Optional.of("No MLX worker of model '" + model + "' is alive: " + lastFailure);
        } finally {
            lock.unlock();
        }
    }

    /** How many workers there are. */
    WorkerCounts counts() {
        int ready = (int) places.stream().filter(Place::answersCalls).count();
        return new WorkerCounts(
                places.size(), ready, places.stream().mapToLong(Place::restarts).sum());
    }

    private String tooManyHang() {
        return hanging + " MLX workers of model '" + model + "' hang in native code; restart the server";
    }

    private static UnavailableException shuttingDown() {
        return new UnavailableException("The server is shutting down");
    }

    // The end

    /** Ends all workers: idle ones at once, busy ones after their call, loading ones when Python heeds it. */
    @Override
    public void close() {
        List<Worker> left = stopTaking();
        left.forEach(Worker::stop);
        long end = System.nanoTime() + settings.closeTimeout().toNanos();
        List<Worker> late = left.stream()
                .filter(worker -> !worker.endsWithin(Duration.ofNanos(end - System.nanoTime())))
                .toList();
        late.forEach(Worker::refuseMore);
        late.forEach(this::endAtOnce);
    }

    /** Lets nobody in any more; the workers that are left, none if it was closed before. */
    private List<Worker> stopTaking() {
        lock.lock();
        try {
            if (closed) {
                return List.of();
            }
            closed = true;
            changed.signalAll();
            return places.stream()
                    .filter(place -> place.worker != null)
                    .map(Place::worker)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private void endAtOnce(Worker worker) {
        end(worker, settings.interruptTimeout());
        if (!worker.endsWithin(settings.interruptTimeout())) {
            log.warn("Worker {} has not ended and is left behind", worker.name());
        }
    }

    /** Bounds the calls of Python over the pools of all models of the process. */
    static final class Permits {

        private final Semaphore semaphore;
        private final int most;

        Permits(int most) {
            this.most = most;
            semaphore = new Semaphore(most, true);
        }

        /** A permit in use. */
        interface Permit extends AutoCloseable {

            @Override
            void close();
        }

        /**
         * Waits for a permit.
         *
         * @throws OverloadedException {@code Semaphore error: ...} if none becomes free in time
         */
        Permit take(Duration patience) throws InterruptedException {
            if (!semaphore.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new OverloadedException(
                        "Semaphore error: all permits for calls of Python stayed in use for " + patience.toSeconds()
                                + " s",
                        Duration.ofSeconds(1));
            }
            return semaphore::release;
        }

        /** Does something while nobody has a permit; false if it could not, or says so itself. */
        boolean alone(Duration patience, BooleanSupplier action) {
            try {
                if (!semaphore.tryAcquire(most, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            try {
                return action.getAsBoolean();
            } finally {
                semaphore.release(most);
            }
        }
    }
}
