package com.akidb.engine;

import com.akidb.vector.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param name unique in the table
 * @param type what it holds
 * @param required whether every row must have a value
 * @param dimension length of vectors; 0 for other types
 * @param metric how vectors are compared; null for other types
 */
public record Column(
        String name,
        ColumnType type,
        boolean required,
        int dimension,
        @Nullable Metric metric) {

    public static Column of(String name, ColumnType type, boolean required) {
        return new Column(name, type, required, 0, null);
    }

    public static Column vector(String name, int dimension, Metric metric) {
        return new Column(name, ColumnType.VECTOR, false, dimension, metric);
    }
}
