package com.akidb.engine;

import com.akidb.query.Predicate;
import com.akidb.text.SearchTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows by the words of their STRING columns, ranked by BM25.
 *
 * @param columns that have a TEXT index; at least one
 * @param words what people type, cut into {@link SearchTerms} as the columns' texts are; nothing in it is syntax
 * @param k most rows
 * @param filter rows must satisfy it; null lets all pass
 */
public record TextSearch(
        List<String> columns, String words, int k, @Nullable Predicate filter) {

    public TextSearch {
        columns = List.copyOf(columns);
    }

    /** A row that has at least one of the words; higher scores are better. */
    public record TextHit(long rowId, double score) {}
}
