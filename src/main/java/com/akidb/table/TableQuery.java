package com.akidb.table;

import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.table.Projection.Selected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for rows.
 *
 * @param where rows must satisfy it; null lets all pass
 * @param order ties, and all rows if it is empty, in the order of insertion
 * @param limit 1 to {@value #MAX_LIMIT}
 * @param offset rows passed over, 0 or more; 0 beside a cursor
 * @param cursor where the page begins, as an earlier page of the same query told; null to begin
 */
public record TableQuery(
        TableSchema schema,
        List<Selected> select,
        @Nullable Predicate where,
        List<Sort> order,
        int limit,
        long offset,
        @Nullable String cursor) {

    public static final int MAX_LIMIT = 10_000;
    public static final int DEFAULT_LIMIT = 100;

    public TableQuery {
        select = List.copyOf(select);
        order = List.copyOf(order);
    }

    /** The same query from another place on. */
    public TableQuery from(@Nullable String place, int rows) {
        return new TableQuery(schema, select, where, order, rows, place == null ? offset : 0, place);
    }
}
