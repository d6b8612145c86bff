package com.akidb.table;

import com.akidb.engine.SearchExplanation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search by similarity found.
 *
 * @param matches best first
 * @param vector the one that was searched with
 * @param explanation only if asked for
 */
public record SimilarityAnswer(
        List<Match> matches, float[] vector, @Nullable Explanation explanation) {

    /**
     * A row that was found.
     *
     * @param row with the score: similarity, or of a hybrid search what fusion made of both ranks
     * @param ranks of a hybrid search; null for others
     */
    public record Match(TableRow row, @Nullable Ranks ranks) {}

    /**
     * Places of a row in both searches, 1 for the best.
     *
     * @param similarity place by vectors; null if it was not among them
     * @param text place by words; null if it was not among them
     * @param similarityScore by vectors; null beside a null place
     * @param textScore by words, BM25; null beside a null place
     */
    public record Ranks(
            @Nullable Integer similarity,
            @Nullable Integer text,
            @Nullable Float similarityScore,
            @Nullable Double textScore) {}

    /**
     * How it was found.
     *
     * @param search what the engine did with the vector
     * @param textCandidates rows found by words; null if words were not searched
     * @param diversityCandidates rows that diversity chose from; null if it was not asked for
     * @param embedMicros how long the query took to embed, queueing included; null if it came as a vector
     * @param totalMicros of all of it
     */
    public record Explanation(
            SearchExplanation search,
            @Nullable Integer textCandidates,
            @Nullable Integer diversityCandidates,
            @Nullable Long embedMicros,
            long totalMicros) {}
}
