package com.akidb.embedding.batching;

import com.akidb.error.AkidbException;
import com.akidb.model.Pooling;

/** A text that waits for its vector. */
public interface WaitingText {

    /** Its token ids, special tokens included; never empty. */
    int[] tokens();

    Pooling pooling();

    /**
     * Called once, by the worker that takes the text.
     *
     * @return false if nobody wants the vector any more; the text is dropped then
     */
    boolean begin();

    /** Hands over the pooled vector. */
    void complete(float[] vector);

    /** Says why there will be no vector. */
    void fail(AkidbException failure);
}
