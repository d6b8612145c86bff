package com.akidb.table;

import com.akidb.engine.IndexStatus;
import java.time.Instant;
import java.util.List;

/**
 * A table as users see it.
 *
 * @param columns in order, without hidden ones
 * @param primaryKey the column that names rows; {@link ColumnFacts#ROW_ID} if the server does
 * @param rowCount rows as of the last commit
 * @param version sequence number of the last commit that changed the table
 * @param indexes those that were asked for, and those that embedding columns have by themselves
 * @param collection whether it is a collection, which is changed through its own routes
 */
public record TableDescription(
        String name,
        List<ColumnDescription> columns,
        String primaryKey,
        long rowCount,
        long version,
        List<IndexStatus> indexes,
        Instant createdAt,
        boolean collection) {

    public TableDescription {
        columns = List.copyOf(columns);
        indexes = List.copyOf(indexes);
    }
}
