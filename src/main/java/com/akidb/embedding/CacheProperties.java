package com.akidb.embedding;

import com.akidb.memory.Heap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The cache of vectors.
 *
 * @param maxVectors maximum number of cached vectors; 0 turns the cache off
 * @param maxSize maximum memory for cached vectors and their texts; 0 turns the cache off. If absent, as much as
 *     the vectors need at up to 4,000 dimensions, but at most an eighth of the heap
 */
@ConfigurationProperties("akidb.cache")
public record CacheProperties(
        @DefaultValue("10000") int maxVectors, @Nullable DataSize maxSize) {

    /** Enough for a vector of 4,000 numbers, or for a shorter one and its text. */
    private static final long BYTES_PER_VECTOR = 16_384;

    private static final int MOST_VECTORS = 100_000_000;

    public CacheProperties {
        if (maxVectors < 0 || maxVectors > MOST_VECTORS) {
            throw new IllegalArgumentException("akidb.cache.max-vectors must be 0 to " + MOST_VECTORS);
        }
        if (maxSize != null && maxSize.isNegative()) {
            throw new IllegalArgumentException("akidb.cache.max-size must not be negative");
        }
    }

    /** Most bytes of all vectors and texts together. */
    long maxBytes() {
        return maxSize != null ? maxSize.toBytes() : Math.min(maxVectors * BYTES_PER_VECTOR, Heap.bytes() / 8);
    }
}
