package com.akidb.table;

import com.akidb.engine.VectorSearch;
import com.akidb.query.Predicate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A search by similarity.
 *
 * @param probe what rows are compared with
 * @param column an embedding column
 * @param limit most rows, 1 to {@value #MAX_LIMIT}
 * @param offset rows passed over, 0 or more
 * @param threshold least similarity, inclusive; null for none
 * @param where rows must satisfy it; null lets all pass
 * @param select what rows show
 * @param options metric and effort; {@link VectorSearch.Options#DEFAULT} for the column's own
 * @param hybrid also by words; null for vectors alone
 * @param diversity also unlike one another; null for the nearest alone
 * @param explain whether the answer tells how it was found
 */
public record SimilaritySearch(
        TableSchema schema,
        Probe probe,
        String column,
        int limit,
        int offset,
        @Nullable Float threshold,
        @Nullable Predicate where,
        List<Selected> select,
        VectorSearch.Options options,
        @Nullable Hybrid hybrid,
        @Nullable Diversity diversity,
        boolean explain,
        Duration timeout) {

    public static final int MAX_LIMIT = 1_000;
    public static final int MAX_REACH = 10_000;
    public static final int DEFAULT_LIMIT = 10;

    public SimilaritySearch {
        select = List.copyOf(select);
    }

    /** What rows are compared with. */
    public sealed interface Probe {

        /** A text, which is embedded with the column's model. */
        record Text(String text) implements Probe {}

        /** A vector of the column's dimension. */
        record Vector(float[] vector) implements Probe {}

        /** The vector of a row, which is not among the answer. */
        record Like(String key) implements Probe {}
    }

    /**
     * Search by words beside the search by vectors, joined by reciprocal rank fusion.
     *
     * @param columns with a text index, at least one
     * @param similarityWeight of ranks by vectors, 0 or more
     * @param textWeight of ranks by words, 0 or more
     */
    public record Hybrid(List<String> columns, float similarityWeight, float textWeight) {
        public Hybrid {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Maximal marginal relevance (Carbonell and Goldstein, 1998).
     *
     * @param lambda 1 for the nearest alone, 0 for the most different alone
     * @param candidates the nearest rows to choose from
     */
    public record Diversity(float lambda, int candidates) {
        public static final int MAX_CANDIDATES = 1_000;
    }
}
