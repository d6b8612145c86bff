package com.akidb.engine;

import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
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
 * @param options how to search; {@link Options#DEFAULT} leaves it to the planner
 */
public record VectorSearch(
        String column,
        float[] vector,
        int k,
        @Nullable Predicate filter,
        @Nullable Float threshold,
        boolean includeVectors,
        boolean explain,
        Options options) {

    public VectorSearch(
            String column,
            float[] vector,
            int k,
            @Nullable Predicate filter,
            @Nullable Float threshold,
            boolean includeVectors,
            boolean explain) {
        this(column, vector, k, filter, threshold, includeVectors, explain, Options.DEFAULT);
    }

    /**
     * What a caller may say about the way.
     *
     * @param metric null for the column's own
     * @param effort {@code ef} of a graph or {@code probes} of lists; null for the planner's choice
     * @param exact whether all rows must be compared in full precision
     */
    public record Options(@Nullable Metric metric, @Nullable Integer effort, boolean exact) {
        public static final Options DEFAULT = new Options(null, null, false);
    }
}
