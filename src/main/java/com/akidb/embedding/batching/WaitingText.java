package com.akidb.embedding.batching;

import com.akidb.error.AkidbException;
import com.akidb.model.Pooling;

/** A text that waits for its vector. */
public interface WaitingText {

    /** How many tokens it is, an estimate for a {@link com.akidb.embedding.TextBackend}; at least 1. */
    int length();

    /** Its token ids, special tokens included; empty for a {@link com.akidb.embedding.TextBackend}. */
    int[] tokens();

    /** The text itself, prompt included. */
    String text();

    Pooling pooling();

    /**
     * Called once, by the worker that takes the text.
     *
     * @return false if nobody wants the vector any more; the text is dropped then
     */
    boolean begin();

    /** Hands over the pooled vector, and how many tokens the model was fed. */
    void complete(float[] vector, int tokens);

    /** Says why there will be no vector. */
    void fail(AkidbException failure);
}
