package com.akidb.engine;

import com.akidb.query.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The nearest rows to a vector.
 *
 * @param column a VECTOR column
 * @param vector finite, of the column's dimension
 * @param k 1 or more
 * @param filter rows must satisfy it; null lets all pass
 * @param threshold least score, inclusive; null for none
 * @param includeVectors whether hits carry their stored vectors
 * @param explain whether the answer tells how it was found
 */
public record VectorSearch(
        String column,
        float[] vector,
        int k,
        @Nullable Predicate filter,
        @Nullable Float threshold,
        boolean includeVectors,
        boolean explain) {}
