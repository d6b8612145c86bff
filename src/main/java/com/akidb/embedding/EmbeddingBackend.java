package com.akidb.embedding;

/**
 * Runs one model: either over token ids ({@link TokenBackend}) or over texts ({@link TextBackend}). Implementations own
 * their threads and native memory. {@code encode} may be called from as many threads at once as {@link #parallelism}
 * says; results never depend on what else is in the batch beyond rounding (cosine 0.99999 or better).
 *
 * <p>An {@link com.akidb.error.AkidbException} that {@code encode} throws reaches the callers as it is; anything else
 * becomes {@code Batch embedding failed: ...}.
 */
public sealed interface EmbeddingBackend extends AutoCloseable permits TokenBackend, TextBackend {

    /** Runs the model once per shape that matters, so that the first caller does not pay for it. */
    void warmUp();

    /** How many calls of {@code encode} it can work on at once. */
    int parallelism();

    /** How texts should be put together for one call. */
    BatchPolicy batchPolicy();

    @Override
    void close();
}
