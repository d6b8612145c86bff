package com.akidb.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table to create.
 *
 * @param columns 1 to {@value #MAX_COLUMNS}
 * @param primaryKey a column of type STRING or INT, which becomes required; null for a row id that the server gives
 */
public record NewTable(
        String name, List<NewColumn> columns, @Nullable String primaryKey) {

    /** Most columns of a table, hidden ones not counted. */
    public static final int MAX_COLUMNS = 1_000;

    public NewTable {
        columns = List.copyOf(columns);
    }
}
