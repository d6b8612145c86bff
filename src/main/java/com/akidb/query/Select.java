package com.akidb.query;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A select over tables.
 *
 * @param items columns of the answer; at least one
 * @param from what is joined, first to last; empty for one row without columns
 * @param limit most rows; -1 for all
 * @param offset rows that are passed over, 0 or more
 */
public record Select(
        boolean distinct,
        List<Item> items,
        List<Join> from,
        @Nullable Expression where,
        List<Expression> groups,
        @Nullable Expression having,
        List<Order> orders,
        long limit,
        long offset) {

    public Select {
        items = List.copyOf(items);
        from = List.copyOf(from);
        groups = List.copyOf(groups);
        orders = List.copyOf(orders);
    }

    /** A column of the answer. Selects around this one call it {@code k0, k1, ...} by its place. */
    public record Item(String name, Expression value) {}

    /** What rows come from. */
    public sealed interface Source {

        /** Its number, by which columns name it. */
        int number();

        /**
         * The rows of a table.
         *
         * @param columns those that the select uses
         */
        record Rows(int number, UUID table, List<String> columns) implements Source {
            public Rows {
                columns = List.copyOf(columns);
            }
        }

        /** The rows of another select. */
        record Derived(int number, Select select) implements Source {}
    }

    /** How a source is put beside those before it. */
    public enum JoinKind {
        INNER,
        LEFT,
        CROSS
    }

    /** @param on null for each with each */
    public record Join(
            JoinKind kind, Source source, @Nullable Expression on) {}

    /** @param nullsFirst null for the usual place: absent values come first when ascending */
    public record Order(
            Expression value, boolean descending, @Nullable Boolean nullsFirst) {}
}
