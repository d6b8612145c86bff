package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search found.
 *
 * @param hits best first, ties by row id; at most k
 * @param truncated whether there are fewer hits than were found, because their rows are large
 * @param explanation only if asked for
 */
public record SearchResult(
        List<Hit> hits, boolean truncated, @Nullable SearchExplanation explanation) {

    /** All that was found. */
    public SearchResult(List<Hit> hits, @Nullable SearchExplanation explanation) {
        this(hits, false, explanation);
    }

    /** A row and its score in the column's metric, computed in full precision. */
    public record Hit(Row row, float score) {}
}
