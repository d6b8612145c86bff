package com.akidb.engine;

import java.util.List;
import java.util.Map;

/**
 * What a table is made of.
 *
 * @param name unique among all tables of the engine, at most 255 characters
 * @param columns in order; names are unique
 * @param primaryKey a required STRING or INT column whose values identify rows for users
 * @param properties facts that the owner keeps with the table, such as its kind and model; the engine only stores them
 */
public record TableDefinition(String name, List<Column> columns, String primaryKey, Map<String, String> properties) {

    public TableDefinition {
        columns = List.copyOf(columns);
        properties = Map.copyOf(properties);
    }

    /** Position of a column in rows. */
    public int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no column " + column);
    }
}
