package com.akidb.table;

import com.akidb.engine.SearchExplanation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an answer, all as of one commit.
 *
 * @param nextCursor where the next page begins; null at the end
 * @param explanation of a search by similarity, if asked for
 */
public record TablePage(
        List<TableRow> rows,
        @Nullable String nextCursor,
        @Nullable SearchExplanation explanation) {

    public TablePage {
        rows = List.copyOf(rows);
    }
}
