package com.akidb.embedding;

import com.akidb.embedding.Flight.EmbeddedText;
import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One call of the manager while it waits for its texts. It ends once: with all vectors, or with the first failure. */
final class EmbeddingCall {

    private final CompletableFuture<EmbeddingResult> result = new CompletableFuture<>();
    private final EmbeddingRequest request;
    private final String model;
    private final long startNanos;
    private final @Nullable EmbeddedText[] arrived;
    private final Boolean[] cached;
    private final AtomicInteger missing;
    private final EmbeddingMetrics.OfModel metrics;
    private final AtomicBoolean counted = new AtomicBoolean();

    EmbeddingCall(EmbeddingRequest request, String model, long startNanos, EmbeddingMetrics.OfModel metrics) {
        this.request = request;
        this.metrics = metrics;
        this.model = model;
        this.startNanos = startNanos;
        int texts = request.texts().size();
        arrived = new EmbeddedText[texts];
        cached = new Boolean[texts];
        Arrays.fill(cached, false);
        missing = new AtomicInteger(texts);
        // For callers that end it themselves, by cancelling.
        var unused = result.whenComplete((vectors, failure) -> count(failure == null));
    }

    /** Counts the outcome, before anybody hears of it. */
    private void count(boolean success) {
        if (counted.compareAndSet(false, true)) {
            metrics.answered(System.nanoTime() - startNanos, success);
        }
    }

    EmbeddingRequest request() {
        return request;
    }

    CompletableFuture<EmbeddingResult> result() {
        return result;
    }

    /** Whether somebody still wants the vectors: neither cancelled, nor failed, nor too late. */
    boolean isWaiting() {
        if (System.nanoTime() - startNanos >= request.timeout().toNanos()) {
            expire();
        }
        return !result.isDone();
    }

    /** Fails the call because its time is over. */
    void expire() {
        if (!result.isDone()) {
            fail(new DeadlineExceededException(
                    "The deadline of " + request.timeout().toMillis()
                            + " ms passed before the texts were embedded; X-Request-Timeout or a gRPC deadline"
                            + " gives them more"));
        }
    }

    void fail(Throwable failure) {
        count(false);
        result.completeExceptionally(
                failure instanceof AkidbException
                        ? failure
                        : new InternalException(
                                ErrorCode.EMBEDDING_FAILED, "Embedding failed: " + failure.getMessage(), failure));
    }

    /** A vector that was there before. */
    void answeredFromCache(int index, EmbeddedText text) {
        cached[index] = true;
        arrived(index, text, null);
    }

    /** A vector, or why there is none. */
    void arrived(int index, @Nullable EmbeddedText text, @Nullable Throwable failure) {
        if (text == null) {
            fail(failure == null ? new IllegalStateException("No vector") : failure);
        } else if (text.truncated() && !request.truncate()) {
            fail(tooLong(index));
        } else {
            arrived[index] = text;
            if (missing.decrementAndGet() == 0) {
                EmbeddingResult vectors = assemble();
                count(true);
                result.complete(vectors);
            }
        }
    }

    /** The refusal of a text that would have to be cut although the request forbids it. */
    InvalidInputException tooLong(int index) {
        return new InvalidInputException(
                ErrorCode.TEXT_TOO_LONG,
                "The text is longer than model '" + model + "' takes, and truncate is false",
                field(index));
    }

    /** The name of one of a call's texts, as errors name the field to blame. */
    static String field(int index) {
        return "texts[" + index + "]";
    }

    private EmbeddingResult assemble() {
        int texts = arrived.length;
        List<float[]> vectors = new ArrayList<>(texts);
        List<Integer> truncated = new ArrayList<>(0);
        long tokens = 0;
        for (int i = 0; i < texts; i++) {
            EmbeddedText text = Objects.requireNonNull(arrived[i]);
            vectors.add(text.vector());
            tokens += text.tokens();
            if (text.truncated()) {
                truncated.add(i);
            }
        }
        return new EmbeddingResult(
                vectors,
                model,
                vectors.getFirst().length,
                Math.max(tokens, texts),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos),
                truncated,
                List.of(cached));
    }
}
