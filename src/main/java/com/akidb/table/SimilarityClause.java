package com.akidb.table;

import org.jspecify.annotations.Nullable;

/**
 * What rows are compared with; a text or a vector.
 *
 * @param query text to embed with the column's model; null beside a vector
 * @param vector of the column's dimension; null beside a text
 * @param column an embedding column
 * @param threshold least score, inclusive; null for none
 */
public record SimilarityClause(
        @Nullable String query,
        float @Nullable [] vector,
        String column,
        @Nullable Float threshold) {}
