package com.akidb.embedding.batching;

import com.akidb.embedding.EmbeddingBackend;
import com.akidb.embedding.TokenBatch;
import com.akidb.embedding.batching.BatchQueue.Entry;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that call the backend. One that dies of an error takes only its batch with it and is replaced. */
final class BatchWorkers {

    /** Where batches come from. */
    interface Source {

        /** Waits for a batch; null when there will be none any more. */
        @Nullable
        List<Entry> take() throws InterruptedException;
    }

    private static final Logger log = LoggerFactory.getLogger(BatchWorkers.class);

    private final String model;
    private final EmbeddingBackend backend;
    private final BatchListener listener;
    private final Source source;
    private final AtomicInteger alive = new AtomicInteger();
    private final CountDownLatch ended;
    private volatile boolean failing;

    BatchWorkers(String model, EmbeddingBackend backend, BatchListener listener, Source source) {
        this.model = model;
        this.backend = backend;
        this.listener = listener;
        this.source = source;
        ended = new CountDownLatch(backend.parallelism());
    }

    void start() {
        for (int worker = 0; worker < backend.parallelism(); worker++) {
            startOne(worker);
        }
    }

    private void startOne(int number) {
        alive.incrementAndGet();
        Thread.ofPlatform().name("embed-" + model + "-" + number).daemon().start(() -> {
            boolean finished = false;
            try {
                work();
                finished = true;
            } finally {
                alive.decrementAndGet();
                if (finished) {
                    ended.countDown();
                } else {
                    startOne(number);
                }
            }
        });
    }

    boolean areAlive() {
        return alive.get() > 0;
    }

    /** Whether the latest call of the backend failed. */
    boolean areFailing() {
        return failing;
    }

    boolean awaitEnd(long timeout, TimeUnit unit) {
        try {
            return ended.await(timeout, unit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void work() {
        try {
            for (List<Entry> batch = source.take(); batch != null; batch = source.take()) {
                call(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(List<Entry> batch) {
        long now = System.nanoTime();
        for (Entry entry : batch) {
            listener.waited(now - entry.sinceNanos());
        }
        listener.calling(batch.size());
        float[][] vectors;
        try {
            vectors = backend.encode(tokens(batch));
        } catch (RuntimeException e) {
            log.error("A batch of {} texts failed in model {}", batch.size(), model, e);
            failAll(batch, "Batch embedding failed: " + causeOf(e), e);
            return;
        } catch (Error e) {
            log.error("The worker of model {} died with a batch of {} texts", model, batch.size(), e);
            failAll(batch, "Batch worker died", e);
            throw e;
        }
        failing = false;
        answer(batch, vectors);
    }

    private static TokenBatch tokens(List<Entry> batch) {
        return new TokenBatch(
                batch.stream().map(entry -> entry.text().tokens()).toList(),
                batch.getFirst().text().pooling());
    }

    private static void answer(List<Entry> batch, float[][] vectors) {
        for (int i = 0; i < batch.size(); i++) {
            WaitingText text = batch.get(i).text();
            if (i < vectors.length) {
                text.complete(vectors[i]);
            } else {
                text.fail(new InternalException(
                        ErrorCode.EMBEDDING_FAILED,
                        "Response channel closed",
                        new IllegalStateException("The backend answered " + vectors.length + " of " + batch.size())));
            }
        }
    }

    private void failAll(List<Entry> batch, String message, Throwable cause) {
        failing = true;
        for (Entry entry : batch) {
            entry.text().fail(new InternalException(ErrorCode.EMBEDDING_FAILED, message, cause));
        }
    }

    private static String causeOf(RuntimeException e) {
        if (e instanceof AkidbException failure) {
            return failure.detail();
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
