package com.akidb.engine;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A write to one table, which may share its commit with writes to others.
 *
 * @param madeFor what the table was made of when the write was; if its columns, or their properties, are others by the
 *     time the write is queued or applied, the write is refused with a ConflictException. Null fits the write to
 *     the columns that the table has by then
 */
public record TableMutation(
        UUID table, Mutation mutation, @Nullable TableDefinition madeFor) {

    /** A write that is fitted to the columns that the table has when it is applied. */
    public TableMutation(UUID table, Mutation mutation) {
        this(table, mutation, null);
    }
}
