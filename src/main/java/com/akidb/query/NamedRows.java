package com.akidb.query;

import java.util.List;
import java.util.UUID;

/**
 * A table whose rows an expression or a select may read.
 *
 * @param name as a select calls it that gives it no other
 * @param columns those that users may name, in order
 * @param constants the constants that values of its columns are compared with
 */
public record NamedRows(UUID table, String name, List<NamedColumn> columns, FieldResolver constants) {

    public NamedRows {
        columns = List.copyOf(columns);
    }

    /** A column by the name that users give it. */
    public record NamedColumn(String name, Kind kind) {}
}
