package com.akidb.table;

import com.akidb.table.Projection.TableRow;
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
