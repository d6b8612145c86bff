package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Names;
import com.akidb.text.Words;
import com.akidb.vector.Metric;
import com.akidb.vector.Vectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks columns that users ask for, and turns them into the engine's. */
final class Columns {

    static final int MAX_DIMENSIONS = 4_096;

    private Columns() {}

    /** All columns of a new table, the automatic key first if it has one. */
    static List<Column> of(NewTable table) {
        if (table.columns().isEmpty()) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, "columns", "cannot be empty");
        }
        if (table.columns().size() > NewTable.MAX_COLUMNS) {
            throw invalid(
                    ErrorCode.OUT_OF_RANGE,
                    "columns",
                    "must be at most " + NewTable.MAX_COLUMNS + ", got "
                            + table.columns().size());
        }
        List<Column> columns = new ArrayList<>();
        String key = table.primaryKey();
        if (key == null) {
            columns.add(Column.of(ColumnFacts.ROW_ID, ColumnType.INT, true)
                    .withProperties(Map.of(ColumnFacts.AUTOMATIC, "true")));
        }
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < table.columns().size(); i++) {
            NewColumn wanted = table.columns().get(i);
            String field = "columns[" + i + "]";
            Column column = of(wanted, field);
            requireNew(column.name(), seen.putIfAbsent(lower(column.name()), column.name()), field + ".name");
            columns.add(wanted.name().equals(key) ? key(column, field) : column);
        }
        if (key != null && columns.stream().noneMatch(column -> column.name().equals(key))) {
            throw invalid(
                    ErrorCode.UNKNOWN_COLUMN,
                    "primary_key",
                    "must name one of the columns; got '" + Words.shown(key) + "'");
        }
        return columns;
    }

    /** A column for a table that is there. */
    static Column of(NewColumn wanted, String field) {
        String at = field.isEmpty() ? "" : field + ".";
        Names.requireColumn(wanted.name(), at + "name");
        if (wanted.type() == ColumnType.VECTOR) {
            return vector(wanted, at);
        }
        if (wanted.dimensions() != null || wanted.metric() != null) {
            String given = wanted.dimensions() != null ? "dimensions" : "metric";
            throw invalid(ErrorCode.INVALID_ARGUMENT, at + given, "belongs to embedding columns only");
        }
        if (wanted.unique() && wanted.type() == ColumnType.JSON) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, at + "unique", "cannot be asked of json columns");
        }
        if (wanted.unique() && wanted.defaultValue() != null) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT, at + "default", "cannot stand beside unique: two rows would share it");
        }
        Column column =
                Column.of(wanted.name(), wanted.type(), wanted.required()).withDefault(wanted.defaultValue());
        return wanted.unique() ? column.asUnique() : column;
    }

    private static Column vector(NewColumn wanted, String at) {
        Integer dimensions = wanted.dimensions();
        if (dimensions == null) {
            throw invalid(ErrorCode.MISSING_FIELD, at + "dimensions", "is missing; an embedding column needs it");
        }
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw invalid(
                    ErrorCode.OUT_OF_RANGE,
                    at + "dimensions",
                    "must be 1 to " + MAX_DIMENSIONS + ", got " + dimensions);
        }
        if (wanted.unique()) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, at + "unique", "cannot be asked of embedding columns");
        }
        Metric metric = wanted.metric() == null ? Metric.COSINE : wanted.metric();
        if (wanted.defaultValue() instanceof float[] value) {
            Vectors.requireUsable(value, dimensions, metric, at + "default");
        }
        return new Column(
                wanted.name(),
                ColumnType.VECTOR,
                wanted.required(),
                false,
                wanted.defaultValue(),
                dimensions,
                metric,
                Map.of());
    }

    private static Column key(Column column, String field) {
        if (column.type() != ColumnType.STRING && column.type() != ColumnType.INT) {
            throw invalid(
                    ErrorCode.WRONG_TYPE,
                    "primary_key",
                    "must name a column of type string or int; '" + column.name() + "' is of type "
                            + TypeNames.of(column.type()));
        }
        if (column.defaultValue() != null) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, field + ".default", "cannot be given to the primary key");
        }
        return Column.of(column.name(), column.type(), true);
    }

    /** Refuses a column whose name another has, or has but for the case of letters. */
    static void requireNew(String name, @Nullable String other, String field) {
        if (other != null) {
            throw invalid(
                    ErrorCode.INVALID_ARGUMENT,
                    field,
                    other.equals(name)
                            ? "is taken: there is a column '" + Words.shown(name) + "' already"
                            : "differs from column '" + Words.shown(other) + "' only in the case of letters");
        }
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static InvalidInputException invalid(ErrorCode code, String field, String what) {
        return new InvalidInputException(code, field + " " + what, field);
    }
}
