package com.akidb.engine;

import java.util.UUID;

/**
 * A write to one table, which may share its commit with writes to others.
 *
 * @param columnsVersion of the table for which the write was made; if it has another one by the time the write is queued or
 *     applied, the write is refused with a {@link com.akidb.error.TableChangedException}. {@link Table#ANY_COLUMNS} fits
 *     the write to the columns that the table has by then
 */
public record TableMutation(UUID table, Mutation mutation, long columnsVersion) {

    /** A write that is fitted to the columns that the table has when it is applied. */
    public TableMutation(UUID table, Mutation mutation) {
        this(table, mutation, Table.ANY_COLUMNS);
    }

    /** A write for the columns that a table had when it was looked up. */
    public TableMutation(Table table, Mutation mutation) {
        this(table.id(), mutation, table.columnsVersion());
    }
}
