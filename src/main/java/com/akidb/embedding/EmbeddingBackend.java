package com.akidb.embedding;

/**
 * Runs one model. Implementations own their threads and native memory. {@link #encode} may be called from as many
 * threads at once as {@link #parallelism} says; results never depend on what else is in the batch beyond rounding
 * (cosine 0.99999 or better).
 */
public interface EmbeddingBackend extends AutoCloseable {

    /** Runs the model once per shape that matters, so that the first caller does not pay for it. */
    void warmUp();

    /**
     * Runs the model.
     *
     * @return one pooled, not normalised vector per row of the batch, in order
     */
    float[][] encode(TokenBatch batch);

    /** How many calls of {@link #encode} it can work on at once. */
    int parallelism();

    /** How texts should be put together for one call. */
    BatchPolicy batchPolicy();

    @Override
    void close();
}
