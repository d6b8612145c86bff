package com.akidb.collection;

import com.akidb.query.Predicate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A search; a vector wins over a text.
 *
 * @param query text to embed and search by; may be null beside a vector
 * @param vector to search by; may be null beside a text
 * @param k most results, 1 to 1,000
 * @param filter on id, text and metadata; null lets all pass
 * @param threshold least score, inclusive; null for none
 */
public record DocumentSearch(
        @Nullable String query,
        float @Nullable [] vector,
        int k,
        @Nullable Predicate filter,
        @Nullable Float threshold,
        boolean includeVectors,
        boolean includeMetadata,
        boolean explain,
        Duration timeout) {}
