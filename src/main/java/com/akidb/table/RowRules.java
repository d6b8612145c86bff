package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InvalidInputException;
import com.akidb.table.RowService.RowInsert;
import com.akidb.text.Names;
import com.akidb.vector.Vectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The rules for values in tables. Their Java classes have been checked already; failures name row and column. */
final class RowRules {

    static final int MAX_KEY = 512;

    private final TableProperties bounds;

    RowRules(TableProperties bounds) {
        this.bounds = bounds;
    }

    /** Checks new rows and fills in defaults. */
    void complete(TableSchema schema, List<@Nullable Object[]> rows) {
        requireSome(rows);
        Cell[] cells = cells(schema);
        for (int i = 0; i < rows.size(); i++) {
            @Nullable Object[] row = rows.get(i);
            for (Cell cell : cells) {
                row[cell.position] = completed(cell, row[cell.position], i);
            }
        }
        requireDistinctKeys(schema, rows.size(), i -> rows.get(i)[position(schema)]);
    }

    private static int position(TableSchema schema) {
        return schema.definition().indexOf(schema.definition().primaryKey());
    }

    private static void requireSome(List<?> rows) {
        if (rows.isEmpty()) {
            throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "rows", "cannot be empty");
        }
        if (rows.size() > RowInsert.MAX_ROWS) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, "rows", "must be at most " + RowInsert.MAX_ROWS + ", got " + rows.size());
        }
    }

    /** A column with the facts needed for each of its cells. */
    private record Cell(
            Column column, int position, boolean key, boolean automatic, boolean computed, boolean unseen) {}

    private static Cell[] cells(TableSchema schema) {
        List<Column> columns = schema.definition().columns();
        Cell[] cells = new Cell[columns.size()];
        for (int position = 0; position < cells.length; position++) {
            Column column = columns.get(position);
            cells[position] = new Cell(
                    column,
                    position,
                    column.name().equals(schema.definition().primaryKey()),
                    ColumnFacts.isAutomatic(column),
                    ColumnFacts.isHidden(column) || ColumnFacts.computed(column) != null,
                    schema.hides(column));
        }
        return cells;
    }

    private @Nullable Object completed(Cell cell, @Nullable Object value, int row) {
        if (value == RowInsert.ABSENT) {
            Object fallback = cell.column.defaultValue();
            if (fallback == null && cell.column.required() && !cell.automatic) {
                if (cell.unseen) {
                    throw new ForbiddenException(
                            "Rows cannot be inserted with this key or token: they need values of columns that it does"
                                    + " not name");
                }
                String field = field(cell.column, row);
                throw InvalidInputException.of(
                        ErrorCode.MISSING_FIELD,
                        field,
                        "is missing; column '" + cell.column.name() + "' is required and has no default");
            }
            return fallback;
        }
        if (cell.computed || cell.automatic) {
            throw notYours(cell.column, field(cell.column, row));
        }
        if (value != null && !isPlain(value)) {
            require(cell.column, cell.key, value, field(cell.column, row));
        } else if (value == null && cell.column.required()) {
            throw required(cell.column, field(cell.column, row));
        }
        return value;
    }

    private static boolean isPlain(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** Two rows of one request with the same key are a mistake, whatever is to happen on conflict. */
    private static void requireDistinctKeys(
            TableSchema schema, int rows, IntFunction<? extends @Nullable Object> keyOf) {
        Map<Object, Integer> seen = HashMap.newHashMap(rows);
        for (int i = 0; i < rows; i++) {
            Object key = keyOf.apply(i);
            Integer first = key == null ? null : seen.putIfAbsent(key, i);
            if (first != null) {
                String field = "rows[" + i + "]." + schema.definition().primaryKey();
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT,
                        field,
                        "is also the key of rows[" + first + "]; keys in one request must differ");
            }
        }
    }

    /** Checks the new values of an update. */
    void requireChanges(TableSchema schema, Map<String, @Nullable Object> values) {
        if (values.isEmpty()) {
            throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "values", "cannot be empty");
        }
        values.forEach((name, value) -> {
            String field = "values." + name;
            Column column = schema.column(name, field);
            if (name.equals(schema.definition().primaryKey())) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, field, "is the primary key, which cannot be changed");
            }
            requireChange(column, value, field);
        });
    }

    /** Checks the rows of an update in which each row has values of its own, its primary key among them. */
    void requireChanges(TableSchema schema, List<Map<String, @Nullable Object>> rows) {
        requireSome(rows);
        Column key = schema.definition().columns().get(position(schema));
        for (int i = 0; i < rows.size(); i++) {
            Map<String, @Nullable Object> row = rows.get(i);
            if (row.get(key.name()) == null) {
                String field = field(key, i);
                throw InvalidInputException.of(
                        ErrorCode.MISSING_FIELD, field, "is missing; it says which row is to be changed");
            }
            if (row.size() == 1) {
                throw InvalidInputException.of(
                        ErrorCode.MISSING_FIELD, "rows[" + i + "]", "has no value beside '" + key.name() + "'");
            }
            for (Map.Entry<String, @Nullable Object> entry : row.entrySet()) {
                Column column = schema.column(entry.getKey(), "rows[" + i + "]." + entry.getKey());
                if (column != key) {
                    requireChange(column, entry.getValue(), field(column, i));
                }
            }
        }
        requireDistinctKeys(schema, rows.size(), i -> rows.get(i).get(key.name()));
    }

    private void requireChange(Column column, @Nullable Object value, String field) {
        if (ColumnFacts.computed(column) != null) {
            throw notYours(column, field);
        }
        if (value != null) {
            require(column, false, value, field);
        } else if (column.required()) {
            throw required(column, field);
        }
    }

    private void require(Column column, boolean key, Object value, String field) {
        if (value instanceof String text) {
            requireText(column, key, text, field);
        } else if (column.type() == ColumnType.VECTOR) {
            Vectors.requireUsable((float[]) value, column.dimension(), Objects.requireNonNull(column.metric()), field);
        }
    }

    private void requireText(Column column, boolean key, String text, String field) {
        int most = key ? MAX_KEY : column.type() == ColumnType.JSON ? bounds.maxJsonLength() : bounds.maxStringLength();
        if (text.length() > most) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, field, "must be at most " + most + " characters, got " + text.length());
        }
        if (key && text.isEmpty()) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, field, "cannot be empty, since it is the primary key");
        }
        if (key) {
            Names.requirePrintable(text, field);
        }
    }

    private static String field(Column column, int row) {
        return "rows[" + row + "]." + column.name();
    }

    private static InvalidInputException required(Column column, String field) {
        return InvalidInputException.of(
                ErrorCode.MISSING_FIELD, field, "cannot be null, since column '" + column.name() + "' is required");
    }

    private static InvalidInputException notYours(Column column, String field) {
        ColumnFacts.Computed computed = ColumnFacts.computed(column);
        return InvalidInputException.of(
                ErrorCode.INVALID_ARGUMENT,
                field,
                computed == null
                        ? "is set by the server; leave it out"
                        : "is computed from '" + computed.source() + "'; leave it out and write that column");
    }
}
