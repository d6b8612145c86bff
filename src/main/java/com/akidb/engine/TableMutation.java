package com.akidb.engine;

import com.akidb.query.Predicate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A write to one table, which may share its commit with writes to others.
 *
 * @param columnsVersion of the table for which the write was made; if it has another one by the time the write is queued or
 *     applied, the write is refused with a {@link com.akidb.error.TableChangedException}. {@link Table#ANY_COLUMNS} fits
 *     the write to the columns that the table has by then
 * @param within rows that do not satisfy this are not there for the write; it fails with Forbidden if it would replace such a
 *     row or leave one. Null for all rows
 */
public record TableMutation(
        UUID table,
        Mutation mutation,
        long columnsVersion,
        @Nullable Predicate within) {

    /** A write that may concern all rows. */
    public TableMutation(UUID table, Mutation mutation, long columnsVersion) {
        this(table, mutation, columnsVersion, null);
    }

    /** A write that is fitted to the columns that the table has when it is applied. */
    public TableMutation(UUID table, Mutation mutation) {
        this(table, mutation, Table.ANY_COLUMNS);
    }

    /** A write for the columns that a table had when it was looked up. */
    public TableMutation(Table table, Mutation mutation) {
        this(table, mutation, null);
    }

    /** As {@link #TableMutation(Table, Mutation)}, within the rows that satisfy a condition. */
    public TableMutation(Table table, Mutation mutation, @Nullable Predicate within) {
        this(table.id(), mutation, table.columnsVersion(), within);
    }
}
