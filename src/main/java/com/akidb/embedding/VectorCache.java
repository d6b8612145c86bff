package com.akidb.embedding;

import com.akidb.embedding.Flight.EmbeddedText;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.model.Pooling;
import com.akidb.vector.Vectors;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Vectors made before and those being made, bounded in number and in memory: each counts as one, or as more if it takes more
 * memory than its share. A failed flight leaves it by itself. Safe for many
 * threads.
 */
final class VectorCache {

    /** What a vector was made from. Holds the text itself, so no two texts can be mistaken for each other. */
    record Key(VectorSpace space, String text) {}

    /** Bookkeeping of an entry beside its vector and text, in bytes; measured on a heap dump's order of magnitude. */
    private static final int OVERHEAD = 250;

    private final AsyncCache<Key, EmbeddedText> flights;

    private final boolean enabled;

    VectorCache(CacheProperties settings) {
        enabled = settings.maxVectors() > 0 && settings.maxBytes() > 0;
        long share = Math.max(1, settings.maxBytes() / Math.max(1, settings.maxVectors()));
        flights = Caffeine.newBuilder()
                .maximumWeight(enabled ? settings.maxVectors() : 0)
                .weigher((Key key, EmbeddedText text) ->
                        Math.ceilDiv(bytes(key, text), (int) Math.min(share, Integer.MAX_VALUE)))
                .executor(Runnable::run)
                .buildAsync();
    }

    private static int bytes(Key key, EmbeddedText text) {
        return OVERHEAD + text.vector().length * Float.BYTES + key.text().length() * Character.BYTES;
    }

    /** Whether anything is kept at all. */
    boolean isEnabled() {
        return enabled;
    }

    /** The flight of this text, landed or under way; null if there is none or it failed. */
    @Nullable
    Flight find(Key key) {
        CompletableFuture<EmbeddedText> present = flights.getIfPresent(key);
        return present instanceof Flight flight && !flight.isCompletedExceptionally() ? flight : null;
    }

    /** Enters a flight unless there is one already, which is returned then. */
    @Nullable
    Flight enter(Key key, Flight flight) {
        CompletableFuture<EmbeddedText> present = flights.asMap().putIfAbsent(key, flight);
        while (present != null && present.isCompletedExceptionally()) {
            flights.asMap().remove(key, present);
            present = flights.asMap().putIfAbsent(key, flight);
        }
        return (Flight) present;
    }

    /** Takes out a flight that was given up. */
    void remove(Key key, Flight flight) {
        flights.asMap().remove(key, flight);
    }

    long entries() {
        return flights.synchronous().estimatedSize();
    }

    void clear() {
        flights.synchronous().invalidateAll();
    }

    /**
     * Everything but the text that decides about a vector.
     *
     * @param fingerprint of the model's files
     * @param pooling how the states of the tokens become one vector
     * @param normalize whether vectors are scaled to L2 norm 1
     * @param dimension length to which vectors are cut
     * @param prompt put before each text
     */
    record VectorSpace(String fingerprint, Pooling pooling, boolean normalize, int dimension, String prompt) {

        /** Cuts and scales what came from the model. May change its argument. */
        float[] shape(float[] pooled) {
            float[] vector = dimension == pooled.length ? pooled : Arrays.copyOf(pooled, dimension);
            if (!Double.isFinite(Vectors.norm(vector))) {
                throw new InternalException(
                        ErrorCode.EMBEDDING_FAILED,
                        "Embedding failed: the model gave a vector that is not finite",
                        new ArithmeticException("NaN or infinity"));
            }
            return normalize ? Vectors.normalize(vector) : vector;
        }
    }
}
