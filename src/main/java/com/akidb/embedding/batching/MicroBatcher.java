package com.akidb.embedding.batching;

import com.akidb.embedding.EmbeddingBackend;
import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.embedding.batching.BatchQueue.Entry;
import com.akidb.embedding.batching.BatchQueue.Feed;
import com.akidb.embedding.batching.BatchWorkers.Batch;
import com.akidb.error.AkidbException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the texts of many callers into calls of one backend, with a worker thread for each call that the backend can run
 * at once. Safe for many threads; {@link #submit} never waits.
 *
 * <p>The queue is bounded by texts, and by the time that they would wait as the calls of late have gone. A request larger than one call per worker enters it piece by piece: it is
 * admitted as a whole if its first piece finds room, is never refused halfway, and never crowds out others.
 *
 * <p>Background texts have a queue of their own, which is served after this one ({@link BackgroundLane}).
 */
public final class MicroBatcher implements AutoCloseable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Weight of the newest call in what calls of late have taken. */
    private static final double NEWEST = 0.1;

    private final String model;
    private final BatchingProperties settings;
    private final BatchWorkers workers;
    private final int parallelism;
    private final int atOnce;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final BatchQueue queue;
    private final BackgroundLane background;
    private int idle;
    private boolean closing;

    /** What a token took a worker in the calls of late, with most weight on the last ones; 0 before the first. */
    private double nanosPerToken;

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
        background = new BackgroundLane(new BatchQueue(policy), backend.parallelism(), System.nanoTime());
        parallelism = backend.parallelism();
        atOnce = policy.maxTexts() * parallelism;
        workers = new BatchWorkers(model, backend, listener, new Lanes());
        workers.start();
    }

    /**
     * Queues texts; each gets its answer through {@link WaitingText}. All of them are accepted or none.
     *
     * @throws OverloadedException if the queue has no room for them, or they would wait too long
     * @throws UnavailableException if the batcher is closed
     */
    public void submit(List<? extends WaitingText> texts, Urgency urgency) {
        int first = Math.min(texts.size(), atOnce);
        Feed feed = first < texts.size() ? new Feed(rest(texts, first)) : null;
        long now = System.nanoTime();
        lock.lock();
        try {
            if (closing) {
                throw new UnavailableException("The server is shutting down");
            }
            BatchQueue lane = urgency == Urgency.INTERACTIVE ? queue : background.queue();
            if (lane.size() + first > settings.queueCapacity()
                    || urgency == Urgency.INTERACTIVE
                            && queueNanos() > settings.maxQueueTime().toNanos()) {
                throw new OverloadedException(
                        "Too many texts are waiting for model '" + model + "'; try again later", RETRY_AFTER);
            }
            for (WaitingText text : texts.subList(0, first)) {
                lane.add(text, feed, now);
            }
            if (urgency == Urgency.INTERACTIVE) {
                background.interactiveCame(now);
            }
            for (int woken = Math.min(idle, first); woken > 0; woken--) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long a text that came now would probably wait for a worker. */
    private double queueNanos() {
        return queue.tokens() * nanosPerToken / parallelism;
    }

    private void learn(Batch batch) {
        double now = (double) (System.nanoTime() - batch.begunNanos()) / batch.tokens();
        nanosPerToken = nanosPerToken == 0 ? now : nanosPerToken + NEWEST * (now - nanosPerToken);
    }

    private static Deque<WaitingText> rest(List<? extends WaitingText> texts, int from) {
        return new ArrayDeque<>(texts.subList(from, texts.size()));
    }

    /** How many texts wait, not counting those that large requests hold back. */
    public int depth() {
        lock.lock();
        try {
            return queue.size() + background.queue().size();
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

    /** What the workers see of it. */
    private final class Lanes implements BatchWorkers.Source {

        @Override
        public @Nullable Batch take() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (true) {
                    long now = System.nanoTime();
                    long flush = nanosUntilFlush(now);
                    long turn = background.nanosUntilTurn(now);
                    if (flush <= 0) {
                        List<Entry> batch = queue.take(share(queue), now);
                        if (!batch.isEmpty()) {
                            return new Batch(batch, Urgency.INTERACTIVE, now);
                        }
                    } else if (turn <= 0) {
                        List<Entry> batch = background.take(share(background.queue()), now);
                        if (!batch.isEmpty()) {
                            return new Batch(batch, Urgency.BACKGROUND, now);
                        }
                    } else if (closing) {
                        return null;
                    } else {
                        awaitChange(Math.min(flush, turn));
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        private int share(BatchQueue lane) {
            return Math.ceilDiv(lane.size(), idle + 1);
        }

        @Override
        public void finished(Batch batch) {
            lock.lock();
            try {
                learn(batch);
                if (batch.urgency() == Urgency.BACKGROUND) {
                    background.finished();
                }
            } finally {
                lock.unlock();
            }
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
     * Refuses new texts, finishes those that a caller waits for, and returns. Texts that are not finished in time, and
     * those in the background, fail as unavailable.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            abandon(background.queue());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!workers.awaitEnd(settings.drainTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
            abandonRest();
            workers.awaitEnd(settings.drainTimeout().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void abandonRest() {
        lock.lock();
        try {
            abandon(queue);
        } finally {
            lock.unlock();
        }
    }

    private static void abandon(BatchQueue lane) {
        long now = System.nanoTime();
        while (lane.size() > 0) {
            for (Entry entry : lane.take(Integer.MAX_VALUE, now)) {
                entry.text().fail(new UnavailableException("The server is shutting down"));
            }
        }
    }

    /** A text that waits for its vector. */
    public interface WaitingText {

        /** How many tokens it is, an estimate for a {@link com.akidb.embedding.EmbeddingBackend.TextBackend}; at least 1. */
        int length();

        /** Its token ids, special tokens included; empty for a {@link com.akidb.embedding.EmbeddingBackend.TextBackend}. */
        int[] tokens();

        /** The text itself, prompt included. */
        String text();

        Pooling pooling();

        /**
         * Called once, by the worker that takes the text.
         *
         * @return false if no caller wants the vector any longer; the text is then dropped
         */
        boolean begin();

        /** Hands over the pooled vector, and how many tokens the model was fed. */
        void complete(float[] vector, int tokens);

        /** Reports why there will be no vector. */
        void fail(AkidbException failure);
    }

    /** Hears of a batcher's work, for metrics. Called by worker threads, so it must return quickly. */
    public interface BatchListener {

        /** A text left the queue for a backend call. */
        void waited(long nanos);

        /** A backend call begins. */
        void calling(int texts);
    }
}
