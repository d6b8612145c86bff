package com.akidb.embedding.openai;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingBackend.TextVectors;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelSpec;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model at an outside provider. Repeats calls that may succeed later, within the time that all of them may take. */
final class OpenAiBackend implements TextBackend {

    private static final Logger LOG = LoggerFactory.getLogger(OpenAiBackend.class);

    private final ModelSpec spec;
    private final Provider provider;
    private final OpenAiProperties settings;
    private final OpenAiClient client;
    private final CountDownLatch closed = new CountDownLatch(1);

    OpenAiBackend(ModelSpec spec, String model, Provider provider, OpenAiProperties settings) {
        this.spec = spec;
        this.provider = provider;
        this.settings = settings;
        // Models that can be cut are told their length, so that an entry may register one of them at any length.
        client = new OpenAiClient(provider, model, spec.matryoshka() ? spec.dimension() : 0, settings);
    }

    @Override
    public void warmUp() {
        // A call would cost money and prove little.
    }

    @Override
    public TextVectors encode(TextBatch batch) {
        if (batch.pooling() != spec.pooling()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Model '" + spec.id() + "' pools in its own way; leave pooling out",
                    "pooling");
        }
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        for (int attempt = 1; ; attempt++) {
            ProviderFailure failure;
            try {
                HttpResponse<byte[]> answer = client.post(batch.texts(), left(deadline));
                if (answer.statusCode() == 200) {
                    return read(answer.body(), batch);
                }
                failure = failure(answer);
            } catch (IOException e) {
                failure = ProviderFailure.broken(OpenAiClient.explain(e));
            }
            pauseOrGiveUp(failure, attempt, deadline);
        }
    }

    private TextVectors read(byte[] body, TextBatch batch) {
        try {
            return EmbeddingsAnswer.read(body, batch, spec.dimension());
        } catch (EmbeddingsAnswer.MalformedException e) {
            throw new InternalException(
                    ErrorCode.EMBEDDING_FAILED,
                    "Embedding failed: the provider's answer for model '" + spec.id() + "' cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }

    private static ProviderFailure failure(HttpResponse<byte[]> answer) {
        Optional<Duration> retryAfter =
                answer.headers().firstValue("Retry-After").flatMap(value -> RetryAfter.parse(value, Clock.systemUTC()));
        return ProviderFailure.answered(answer.statusCode(), EmbeddingsAnswer.failureCode(answer.body()), retryAfter);
    }

    /** Returns when the call should be tried again; else throws what the callers are told. */
    private void pauseOrGiveUp(ProviderFailure failure, int attempt, long deadline) {
        Duration wait = failure.retryAfter().orElseGet(() -> delay(attempt));
        boolean late = wait.compareTo(left(deadline)) >= 0;
        if (!failure.isPassing() || attempt >= settings.attempts() || late) {
            throw failure.toException(spec.id(), provider);
        }
        LOG.warn(
                "Model {} at {}: {}; attempt {} of {} in {} ms",
                spec.id(),
                provider,
                failure.reason(),
                attempt + 1,
                settings.attempts(),
                wait.toMillis());
        try {
            if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new UnavailableException("The server is shutting down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("The server is shutting down", e);
        }
    }

    /** Exponential backoff with jitter, so that many servers do not come back at once. */
    private Duration delay(int failures) {
        long most = settings.retryDelay().toMillis() << Math.min(failures - 1, 10);
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    @Override
    public int parallelism() {
        return settings.parallelism();
    }

    @Override
    public BatchPolicy batchPolicy() {
        return new BatchPolicy(settings.maxBatchTexts(), settings.maxBatchTokens(), Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        closed.countDown();
        client.close();
    }
}
