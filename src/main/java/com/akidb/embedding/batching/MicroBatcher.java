package com.akidb.embedding.batching;

import com.akidb.embedding.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend;
import com.akidb.embedding.batching.BatchQueue.Entry;
import com.akidb.embedding.batching.BatchQueue.Feed;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Puts the texts of many callers together into calls of one backend. It has as many worker threads as the backend can
 * work on calls at once. Safe for many threads; {@link #submit} never waits.
 *
 * <p>The queue is bounded by texts. A request that is larger than one call of each worker is let in bit by bit, so it is
 * admitted as a whole if its first bit finds room, never refused half-way, and never crowds out the others.
 */
public final class MicroBatcher implements AutoCloseable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String model;
    private final BatchingProperties settings;
    private final BatchWorkers workers;
    private final int atOnce;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final BatchQueue queue;
    private int idle;
    private boolean closing;

    /** Starts the workers. */
    public MicroBatcher(
            String model,
            EmbeddingBackend backend,
            BatchPolicy policy,
            BatchingProperties settings,
            BatchListener listener) {
        this.model = model;
        this.settings = settings;
        queue = new BatchQueue(policy);
        atOnce = policy.maxTexts() * backend.parallelism();
        workers = new BatchWorkers(model, backend, listener, this::take);
        workers.start();
    }

    /**
     * Queues texts; each gets its answer through {@link WaitingText}. All of them are accepted or none.
     *
     * @throws OverloadedException if the queue has no room for them
     * @throws UnavailableException if the batcher is closed
     */
    public void submit(List<? extends WaitingText> texts) {
        int first = Math.min(texts.size(), atOnce);
        Feed feed = first < texts.size() ? new Feed(rest(texts, first)) : null;
        long now = System.nanoTime();
        lock.lock();
        try {
            if (closing) {
                throw new UnavailableException("The server is shutting down");
            }
            if (queue.size() + first > settings.queueCapacity()) {
                throw new OverloadedException(
                        "Too many texts are waiting for model '" + model + "'; try again later", RETRY_AFTER);
            }
            for (WaitingText text : texts.subList(0, first)) {
                queue.add(text, feed, now);
            }
            for (int woken = Math.min(idle, first); woken > 0; woken--) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private static Deque<WaitingText> rest(List<? extends WaitingText> texts, int from) {
        return new ArrayDeque<>(texts.subList(from, texts.size()));
    }

    /** Texts that wait, without those that large requests hold back. */
    public int depth() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there are workers. */
    public boolean isAlive() {
        return workers.areAlive();
    }

    /** Whether the latest call of the backend failed. */
    public boolean isFailing() {
        return workers.areFailing();
    }

    /** Waits for work. Null when there will be none any more. */
    private @Nullable List<Entry> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = System.nanoTime();
                long pause = nanosUntilFlush(now);
                if (pause <= 0) {
                    int share = Math.ceilDiv(queue.size(), idle + 1);
                    List<Entry> batch = queue.take(share, now);
                    if (!batch.isEmpty()) {
                        return batch;
                    }
                } else if (closing) {
                    return null;
                } else {
                    awaitChange(pause);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long the queue should gather more texts; 0 or less to flush it now. */
    private long nanosUntilFlush(long now) {
        if (queue.size() == 0) {
            return Long.MAX_VALUE;
        }
        if (settings.flushWhenIdle() || closing || queue.isFull()) {
            return 0;
        }
        return queue.oldestNanos() + settings.maxWait().toNanos() - now;
    }

    private void awaitChange(long nanos) throws InterruptedException {
        idle++;
        try {
            if (nanos == Long.MAX_VALUE) {
                changed.await();
            } else {
                changed.awaitNanos(nanos);
            }
        } finally {
            idle--;
        }
    }

    /**
     * Refuses new texts, works off the accepted ones, and returns. Those that are not done in time fail as unavailable.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!workers.awaitEnd(settings.drainTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
            abandon();
            workers.awaitEnd(settings.drainTimeout().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void abandon() {
        lock.lock();
        try {
            long now = System.nanoTime();
            while (queue.size() > 0) {
                for (Entry entry : queue.take(Integer.MAX_VALUE, now)) {
                    entry.text().fail(new UnavailableException("The server is shutting down"));
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
