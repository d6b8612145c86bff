package com.akidb.embedding;

/** A model that takes token ids; the host tokenises with the model's own {@code tokenizer.json}. */
public non-sealed interface TokenBackend extends EmbeddingBackend {

    /**
     * Runs the model.
     *
     * @return one pooled, not normalised vector per row of the batch, in order
     */
    float[][] encode(TokenBatch batch);
}
