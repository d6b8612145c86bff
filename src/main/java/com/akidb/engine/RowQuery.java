package com.akidb.engine;

import com.akidb.query.Expression;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for rows by their scalar columns.
 *
 * @param where rows must satisfy it; null lets all pass
 * @param order first to last; ties, and all rows if it is empty, by row id. Absent values come first when ascending
 * @param after place of the last row of the page before; null to begin
 * @param offset rows passed over from there, 0 or more
 * @param limit 1 to 10,000
 * @param mostBytes a page ends early, after at least one row, when its values take about so much memory
 * @param includeVectors whether rows carry their vectors
 * @param computed what is computed of each row that is found
 */
public record RowQuery(
        @Nullable Predicate where,
        List<Sort> order,
        @Nullable Place after,
        long offset,
        int limit,
        long mostBytes,
        boolean includeVectors,
        List<Computed> computed) {

    public RowQuery {
        order = List.copyOf(order);
        computed = List.copyOf(computed);
    }

    /** A query that computes nothing. */
    public RowQuery(
            @Nullable Predicate where,
            List<Sort> order,
            @Nullable Place after,
            long offset,
            int limit,
            long mostBytes,
            boolean includeVectors) {
        this(where, order, after, offset, limit, mostBytes, includeVectors, List.of());
    }

    /**
     * A value that is computed of each row.
     *
     * @param field the request field to blame for what shows only when it is computed, such as an integer that overflows
     * @param value of the columns of the row, which is source 0; of no vectors
     */
    public record Computed(String field, Expression value) {}

    /**
     * A place in the order of a query.
     *
     * @param values of the query's {@code order}, one for each, of the row there
     * @param rowId of the row there
     */
    public record Place(List<@Nullable Object> values, long rowId) {}
}
