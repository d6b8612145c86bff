package com.akidb.table;

import com.akidb.engine.ColumnType;
import com.akidb.vector.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A column to create.
 *
 * @param defaultValue of rows that bring none, in the Java class that {@link ColumnType} names; null for none
 * @param dimensions length of vectors, 1 or more; null for other types
 * @param metric how vectors are compared; null for cosine, and for other types
 */
public record NewColumn(
        String name,
        ColumnType type,
        boolean required,
        boolean unique,
        @Nullable Object defaultValue,
        @Nullable Integer dimensions,
        @Nullable Metric metric) {

    /** A column that needs no value. */
    public static NewColumn of(String name, ColumnType type) {
        return new NewColumn(name, type, false, false, null, null, null);
    }
}
