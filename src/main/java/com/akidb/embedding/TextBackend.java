package com.akidb.embedding;

/**
 * A model that takes texts and cuts them into tokens itself, such as one behind an API. No tokenizer is opened for it:
 * lengths are estimates ({@link TokenEstimate}), and texts are cut to the model's length by them.
 */
public non-sealed interface TextBackend extends EmbeddingBackend {

    /**
     * Runs the model.
     *
     * @return one vector per text of the batch, in order
     * @throws com.akidb.error.InvalidInputException if the model refuses one of the texts; each is then tried without
     *     the others, so that only those to blame fail
     */
    TextVectors encode(TextBatch batch);
}
