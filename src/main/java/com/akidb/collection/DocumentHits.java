package com.akidb.collection;

import com.akidb.table.SearchService.SearchAnswer.Explanation;
import com.akidb.table.SearchService.SearchAnswer.Ranks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search found, best first.
 *
 * @param truncated whether there are fewer hits than were found, because an answer with all of them would be too large
 * @param queryEmbedded whether the server embedded the query
 * @param explanation only if asked for
 */
public record DocumentHits(
        List<Hit> hits,
        boolean truncated,
        boolean queryEmbedded,
        @Nullable Explanation explanation) {

    /**
     * A document that was found.
     *
     * @param score higher is better
     * @param ranks of a hybrid search; null for others
     * @param group value of the field that documents were grouped by; null if they were not
     */
    public record Hit(
            Document document,
            float score,
            @Nullable Ranks ranks,
            @Nullable Object group) {}
}
