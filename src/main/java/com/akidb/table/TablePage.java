package com.akidb.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an answer, all as of one commit.
 *
 * @param nextCursor where the next page begins; null at the end
 */
public record TablePage(List<TableRow> rows, @Nullable String nextCursor) {

    public TablePage {
        rows = List.copyOf(rows);
    }
}
