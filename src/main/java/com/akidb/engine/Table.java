package com.akidb.engine;

import com.akidb.error.TableChangedException;
import java.time.Instant;
import java.util.UUID;

/**
 * A table that exists.
 *
 * @param id for life, never given again
 * @param columnsVersion stands for what the definition's columns are: another number after each change of them, of their
 *     order, names or properties too, and never one that it was before. Reads and writes say by it for which columns they
 *     are made, so that no name is ever taken for a column that came to have it later
 * @param rowCount rows as of the last commit
 * @param version sequence number of the last commit that changed the table
 */
public record Table(
        UUID id, TableDefinition definition, long columnsVersion, Instant createdAt, long rowCount, long version) {

    /** In the place of a {@link #columnsVersion}: whatever the columns are. */
    public static final long ANY_COLUMNS = 0;

    /**
     * Refuses what was made for other columns.
     *
     * @param wanted a {@link #columnsVersion}, or {@link #ANY_COLUMNS}
     * @throws TableChangedException if these are others
     */
    public void requireColumns(long wanted) {
        if (wanted != ANY_COLUMNS && wanted != columnsVersion) {
            throw new TableChangedException();
        }
    }
}
