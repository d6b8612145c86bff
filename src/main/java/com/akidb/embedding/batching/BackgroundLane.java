package com.akidb.embedding.batching;

import com.akidb.embedding.batching.BatchQueue.Entry;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The background texts, and how many workers may work on them. While interactive texts keep coming, one of several workers
 * is kept free of background work: a call cannot be interrupted, so an interactive text would have to wait for all of it.
 * Not safe for many threads.
 */
final class BackgroundLane {

    /** For this long after an interactive text, more are expected. */
    static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BatchQueue queue;
    private final int workers;
    private long lastInteractive;
    private int running;

    BackgroundLane(BatchQueue queue, int workers, long nowNanos) {
        this.queue = queue;
        this.workers = workers;
        lastInteractive = nowNanos - CALM_NANOS;
    }

    BatchQueue queue() {
        return queue;
    }

    void interactiveCame(long nowNanos) {
        lastInteractive = nowNanos;
    }

    /** How long until a worker that has nothing better to do may take a batch; 0 for now, the largest for no end. */
    long nanosUntilTurn(long nowNanos) {
        if (queue.size() == 0) {
            return Long.MAX_VALUE;
        }
        if (running < Math.max(1, workers - 1)) {
            return 0;
        }
        return running < workers ? Math.max(0, lastInteractive + CALM_NANOS - nowNanos) : Long.MAX_VALUE;
    }

    /** The next batch, to be given back by {@link #finished} if it has any texts. */
    List<Entry> take(int atMost, long nowNanos) {
        List<Entry> batch = queue.take(atMost, nowNanos);
        if (!batch.isEmpty()) {
            running++;
        }
        return batch;
    }

    void finished() {
        running--;
    }
}
