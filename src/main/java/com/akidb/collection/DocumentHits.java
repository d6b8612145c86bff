package com.akidb.collection;

import com.akidb.engine.SearchExplanation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search found, best first.
 *
 * @param queryEmbedded whether the server embedded the query
 */
public record DocumentHits(
        List<Hit> hits, boolean queryEmbedded, @Nullable SearchExplanation explanation) {

    /** A document and its score; higher is better. */
    public record Hit(Document document, float score) {}
}
