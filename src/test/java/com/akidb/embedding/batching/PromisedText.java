package com.akidb.embedding.batching;

import com.akidb.embedding.batching.MicroBatcher.WaitingText;
import com.akidb.error.AkidbException;
import com.akidb.model.Pooling;
import java.util.concurrent.CompletableFuture;

/** A text of three tokens whose vector a test can wait for. */
final class PromisedText implements WaitingText {

    final CompletableFuture<float[]> vector = new CompletableFuture<>();

    @Override
    public int length() {
        return 3;
    }

    @Override
    public int[] tokens() {
        return new int[3];
    }

    @Override
    public String text() {
        return "";
    }

    @Override
    public Pooling pooling() {
        return Pooling.MEAN;
    }

    @Override
    public boolean begin() {
        return true;
    }

    @Override
    public void complete(float[] pooled, int tokens) {
        vector.complete(pooled);
    }

    @Override
    public void fail(AkidbException failure) {
        vector.completeExceptionally(failure);
    }
}
