package com.akidb.embedding;

import java.util.Optional;

/**
 * Runs one model: either over token ids ({@link TokenBackend}) or over texts ({@link TextBackend}). Implementations own
 * their threads and native memory. {@code encode} may be called from as many threads at once as {@link #parallelism}
 * says; results never depend on what else is in the batch beyond rounding (cosine 0.99999 or better).
 *
 * <p>An {@link com.akidb.error.AkidbException} that {@code encode} throws reaches the callers as it is; anything else
 * becomes {@code Batch embedding failed: ...}. After a {@link TextsFailedException} the texts are tried without each other, so that
 * only those to blame fail.
 */
public sealed interface EmbeddingBackend extends AutoCloseable permits TokenBackend, TextBackend {

    /** Runs the model once per shape that matters, so that the first caller does not pay for it. */
    void warmUp();

    /** How many calls of {@code encode} it can work on at once. */
    int parallelism();

    /** How texts should be put together for one call. */
    BatchPolicy batchPolicy();

    /** Why it cannot be used at present although it was opened, if so. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Its workers, if they are such as can be lost. */
    default Optional<WorkerCounts> workers() {
        return Optional.empty();
    }

    @Override
    void close();
}
