package com.akidb.embedding.batching;

import com.akidb.embedding.EmbeddingBackend;
import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingBackend.TextVectors;
import com.akidb.embedding.EmbeddingBackend.TextsFailedException;
import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.embedding.batching.BatchQueue.Entry;
import com.akidb.embedding.batching.MicroBatcher.BatchListener;
import com.akidb.embedding.batching.MicroBatcher.WaitingText;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.Arrays;
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
        Batch take() throws InterruptedException;

        /** Called once for each batch, when its texts have been answered or failed. */
        void finished(Batch batch);
    }

    /**
     * Texts of one call.
     *
     * @param begunNanos when a worker took them
     */
    record Batch(List<Entry> entries, Urgency urgency, long begunNanos) {

        int tokens() {
            return entries.stream().mapToInt(Entry::length).sum();
        }
    }

    private static final long NOT_SEARCHING = Long.MIN_VALUE;

    /** A model that fails on everything would else be called twice for each text. */
    private static final Duration LONGEST_SEARCH = Duration.ofSeconds(5);

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
            for (Batch batch = source.take(); batch != null; batch = source.take()) {
                try {
                    call(batch.entries());
                } finally {
                    source.finished(batch);
                }
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
        encode(batch.stream().map(Entry::text).toList(), NOT_SEARCHING);
    }

    /** @param searchUntil when to stop looking for those to blame, in nanoseconds as the JVM counts them */
    private void encode(List<WaitingText> batch, long searchUntil) {
        try {
            TextVectors vectors = vectors(batch);
            failing = false;
            answer(batch, vectors);
        } catch (InvalidInputException e) {
            if (batch.size() == 1) {
                batch.getFirst().fail(e);
            } else {
                encodeHalves(batch, searchUntil);
            }
        } catch (TextsFailedException e) {
            long now = System.nanoTime();
            long until = searchUntil == NOT_SEARCHING ? now + LONGEST_SEARCH.toNanos() : searchUntil;
            if (batch.size() == 1 || now - until > 0) {
                failed(batch, e);
            } else {
                encodeHalves(batch, until);
            }
        } catch (RuntimeException e) {
            failed(batch, e);
        } catch (Error e) {
            log.error("The worker of model {} died with a batch of {} texts", model, batch.size(), e);
            failAll(batch, died(e));
            throw e;
        }
    }

    private TextVectors vectors(List<WaitingText> batch) {
        Pooling pooling = batch.getFirst().pooling();
        return switch (backend) {
            case TokenBackend takesTokens -> {
                float[][] vectors = takesTokens.encode(
                        new TokenBatch(batch.stream().map(WaitingText::tokens).toList(), pooling));
                int[] lengths = batch.stream().mapToInt(WaitingText::length).toArray();
                yield new TextVectors(vectors, Arrays.copyOf(lengths, vectors.length));
            }
            case TextBackend takesTexts ->
                takesTexts.encode(
                        new TextBatch(batch.stream().map(WaitingText::text).toList(), pooling));
        };
    }

    /** The model refuses one of these texts, or fails on it: it must not take the others, of other callers, with it. */
    private void encodeHalves(List<WaitingText> batch, long searchUntil) {
        List<WaitingText> rest = batch.subList(batch.size() / 2, batch.size());
        try {
            encode(batch.subList(0, batch.size() / 2), searchUntil);
        } catch (Error e) {
            failAll(rest, died(e));
            throw e;
        }
        encode(rest, searchUntil);
    }

    private void failed(List<WaitingText> batch, RuntimeException e) {
        log.error("A batch of {} texts failed in model {}", batch.size(), model, e);
        failAll(batch, failure(e));
    }

    private static void answer(List<WaitingText> batch, TextVectors answer) {
        float[][] vectors = answer.vectors();
        for (int i = 0; i < batch.size(); i++) {
            WaitingText text = batch.get(i);
            if (i < vectors.length) {
                text.complete(vectors[i], answer.tokens()[i]);
            } else {
                text.fail(new InternalException(
                        ErrorCode.EMBEDDING_FAILED,
                        "Response channel closed",
                        new IllegalStateException("The backend answered " + vectors.length + " of " + batch.size())));
            }
        }
    }

    private void failAll(List<WaitingText> batch, AkidbException failure) {
        failing = true;
        for (WaitingText text : batch) {
            text.fail(failure);
        }
    }

    private static AkidbException died(Error e) {
        return new InternalException(ErrorCode.EMBEDDING_FAILED, "Batch worker died", e);
    }

    private static AkidbException failure(RuntimeException e) {
        if (e instanceof AkidbException failure) {
            return failure;
        }
        String message = e.getMessage();
        String cause = message == null ? e.getClass().getSimpleName() : message;
        return new InternalException(ErrorCode.EMBEDDING_FAILED, "Batch embedding failed: " + cause, e);
    }
}
