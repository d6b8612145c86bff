package com.akidb.engine;

import com.akidb.vector.Metric;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param name unique in the table
 * @param type what it holds
 * @param required whether every row must have a value
 * @param unique whether no two rows may have the same value; rows without one do not count
 * @param defaultValue taken by rows that are there when the column is added; null for none. Rows that are inserted
 *     bring all their values, so defaults for them are the caller's
 * @param dimension length of vectors; 0 for other types
 * @param metric how vectors are compared unless a search says otherwise; null for other types
 * @param properties facts that the owner keeps with the column, such as what it is computed from; the engine only
 *     stores them
 */
public record Column(
        String name,
        ColumnType type,
        boolean required,
        boolean unique,
        @Nullable Object defaultValue,
        int dimension,
        @Nullable Metric metric,
        Map<String, String> properties) {

    public Column {
        properties = Map.copyOf(properties);
    }

    public static Column of(String name, ColumnType type, boolean required) {
        return new Column(name, type, required, false, null, 0, null, Map.of());
    }

    public static Column vector(String name, int dimension, Metric metric) {
        return new Column(name, ColumnType.VECTOR, false, false, null, dimension, metric, Map.of());
    }

    /** The same column, of which no two rows may have the same value. */
    public Column asUnique() {
        return new Column(name, type, required, true, defaultValue, dimension, metric, properties);
    }

    /** The same column with a value for rows that are there when it is added. */
    public Column withDefault(@Nullable Object value) {
        return new Column(name, type, required, unique, value, dimension, metric, properties);
    }

    /** The same column with other facts kept with it. */
    public Column withProperties(Map<String, String> others) {
        return new Column(name, type, required, unique, defaultValue, dimension, metric, others);
    }

    /** The same column under another name. */
    public Column renamed(String other) {
        return new Column(other, type, required, unique, defaultValue, dimension, metric, properties);
    }
}
