package com.akidb.embedding;

import com.akidb.embedding.VectorCache.VectorSpace;
import com.akidb.embedding.batching.MicroBatcher.WaitingText;
import com.akidb.error.AkidbException;
import com.akidb.model.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A vector that is being computed, shared by all calls that want it (single-flight). It is given up only when none of them
 * waits any longer.
 */
final class Flight extends CompletableFuture<Flight.EmbeddedText> implements WaitingText {

    private static final int[] FED = {};

    private final VectorSpace space;
    private final int length;
    private final boolean truncated;
    private final List<EmbeddingCall> callers = new ArrayList<>(1);
    private volatile int[] tokens;
    private volatile String text;
    private volatile Runnable beforeLanding = () -> {};
    private boolean givenUp;

    Flight(VectorSpace space, LoadedModel.Prepared prepared) {
        this.space = space;
        tokens = prepared.tokens();
        text = prepared.text();
        length = prepared.length();
        truncated = prepared.truncated();
    }

    /**
     * Hands the vector to this call too.
     *
     * @return false if the flight was given up, so that a new one is needed
     */
    boolean board(EmbeddingCall call, int index) {
        synchronized (this) {
            if (givenUp) {
                return false;
            }
            if (!isDone()) {
                callers.add(call);
            }
        }
        // Completes at once, in this thread, if the vector is already there.
        var unused = whenComplete((embedded, failure) -> call.arrived(index, embedded, failure));
        return true;
    }

    /** The vector; null if it is not there yet, or never will be. */
    @Nullable
    EmbeddedText landed() {
        return state() == State.SUCCESS ? resultNow() : null;
    }

    /** Sets what is run when the vector is there, before any call receives it. */
    void beforeLanding(Runnable action) {
        beforeLanding = action;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int[] tokens() {
        return tokens;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Pooling pooling() {
        return space.pooling();
    }

    @Override
    public boolean begin() {
        synchronized (this) {
            for (EmbeddingCall call : callers) {
                if (call.isWaiting()) {
                    return true;
                }
            }
            givenUp = true;
        }
        completeExceptionally(new CancellationException("Nobody waits for this text"));
        return false;
    }

    @Override
    public void complete(float[] vector, int counted) {
        try {
            EmbeddedText embedded = new EmbeddedText(space.shape(vector), counted, truncated);
            beforeLanding.run();
            complete(embedded);
        } catch (AkidbException e) {
            completeExceptionally(e);
        }
        forgetCallers();
    }

    @Override
    public void fail(AkidbException failure) {
        completeExceptionally(failure);
        forgetCallers();
    }

    /** A flight that landed may stay in the cache for long: keep only the vector. */
    private void forgetCallers() {
        tokens = FED;
        text = "";
        synchronized (this) {
            callers.clear();
        }
    }

    /**
     * A text's vector, as the cache holds it.
     *
     * @param vector cut and scaled as asked for; never to be changed
     * @param tokens how many tokens the model was fed
     * @param truncated whether the text was longer than the model takes
     */
    record EmbeddedText(float[] vector, int tokens, boolean truncated) {}
}
