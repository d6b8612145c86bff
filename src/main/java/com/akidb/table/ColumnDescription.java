package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.vector.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A column as users see it.
 *
 * @param dimensions length of vectors; null for other types
 * @param metric how vectors are compared; null for other types
 * @param computed what its vectors are computed from; null if users write them, and for other types
 */
public record ColumnDescription(
        String name,
        ColumnType type,
        boolean required,
        boolean unique,
        @Nullable Object defaultValue,
        @Nullable Integer dimensions,
        @Nullable Metric metric,
        ColumnFacts.@Nullable Computed computed) {

    static ColumnDescription of(Column column) {
        return new ColumnDescription(
                column.name(),
                column.type(),
                column.required(),
                column.unique(),
                column.defaultValue(),
                column.type() == ColumnType.VECTOR ? column.dimension() : null,
                column.metric(),
                ColumnFacts.computed(column));
    }
}
