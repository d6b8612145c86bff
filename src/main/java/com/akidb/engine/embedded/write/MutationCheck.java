package com.akidb.engine.embedded.write;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.Uncomputed;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.ValueCheck;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refuses, before it is queued, what a table could not keep unchanged, and weighs the rest. */
final class MutationCheck {

    private static final int ROW_WEIGHT = 128;

    private MutationCheck() {}

    /**
     * The mutation as it will be stored: instants cut to microseconds, and the lists its own.
     *
     * @throws InvalidInputException naming the row and column that do not fit
     */
    static Mutation check(TableLayout table, Mutation mutation) {
        return switch (mutation) {
            case Mutation.Delete delete -> delete;
            case Mutation.Recompute recompute -> {
                table.vectorPosition(recompute.column(), "column");
                yield recompute;
            }
            case Mutation.Insert insert -> {
                List<List<@Nullable Object>> rows =
                        new ArrayList<>(insert.rows().size());
                for (int i = 0; i < insert.rows().size(); i++) {
                    rows.add(row(table.definition(), insert.rows().get(i), i));
                }
                yield new Mutation.Insert(rows, insert.onConflict());
            }
            case Mutation.Update update -> new Mutation.Update(update.rows(), values(table, update.values(), "values"));
            case Mutation.UpdateEach update -> {
                List<Mutation.RowValues> rows = new ArrayList<>(update.rows().size());
                for (int i = 0; i < update.rows().size(); i++) {
                    Mutation.RowValues row = update.rows().get(i);
                    rows.add(new Mutation.RowValues(row.key(), values(table, row.values(), "rows[" + i + "]")));
                }
                yield new Mutation.UpdateEach(rows, update.ifMissing());
            }
            case Mutation.Fill fill -> {
                Column column = table.column(table.vectorPosition(fill.column(), "column"));
                for (int i = 0; i < fill.cells().size(); i++) {
                    cell(column, fill.cells().get(i).value(), "cells[" + i + "]");
                }
                yield fill;
            }
        };
    }

    private static List<@Nullable Object> row(TableDefinition table, List<@Nullable Object> row, int index) {
        List<Column> columns = table.columns();
        if (row.size() != columns.size()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A row has " + row.size() + " values for " + columns.size() + " columns",
                    "rows[" + index + "]");
        }
        @Nullable Object[] values = new Object[row.size()];
        for (int position = 0; position < values.length; position++) {
            Column column = columns.get(position);
            boolean givenByStore =
                    column.type() == ColumnType.INT && column.name().equals(table.primaryKey());
            Object value = row.get(position);
            try {
                values[position] = given(column, value, givenByStore, column.name());
            } catch (InvalidInputException _) {
                // The place is made up only when it has to be told: rows are many.
                values[position] = given(column, value, givenByStore, "rows[" + index + "]." + column.name());
            }
        }
        List<@Nullable Object> list = Arrays.<@Nullable Object>asList(values);
        return Collections.<@Nullable Object>unmodifiableList(list);
    }

    private static @Nullable Object given(Column column, @Nullable Object value, boolean mayLack, String field) {
        return mayLack ? ValueCheck.optional(column, value, field) : ValueCheck.value(column, value, field);
    }

    static InvalidInputException noValues(String blame) {
        return new InvalidInputException(ErrorCode.MISSING_FIELD, "'" + blame + "' names no column", blame);
    }

    private static Map<String, @Nullable Object> values(
            TableLayout table, Map<String, @Nullable Object> given, String blame) {
        if (given.isEmpty()) {
            throw noValues(blame);
        }
        Map<String, @Nullable Object> values = new HashMap<>();
        given.forEach((name, value) -> {
            String field = blame + "." + name;
            Column column = table.column(table.position(name, field));
            if (name.equals(table.definition().primaryKey())) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT, "The primary key '" + name + "' cannot be changed", field);
            }
            values.put(name, ValueCheck.value(column, value, field));
        });
        return values;
    }

    private static void cell(Column column, @Nullable Object value, String field) {
        if (value instanceof Uncomputed.Pending) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "A computed cell holds a vector or says why not", field);
        }
        ValueCheck.optional(column, value, field);
    }

    /** About the memory that a mutation holds, in bytes. */
    static long weigh(Mutation mutation) {
        long weight = ROW_WEIGHT;
        switch (mutation) {
            case Mutation.Delete delete -> weight += weigh(delete.rows());
            case Mutation.Recompute recompute -> weight += weigh(recompute.rows());
            case Mutation.Update update -> {
                weight += weigh(update.rows());
                weight += weigh(update.values());
            }
            case Mutation.UpdateEach update -> {
                for (Mutation.RowValues row : update.rows()) {
                    weight += ROW_WEIGHT + ValueCheck.weigh(row.key()) + weigh(row.values());
                }
            }
            case Mutation.Fill fill -> {
                for (Mutation.Computed cell : fill.cells()) {
                    weight += ROW_WEIGHT + ValueCheck.weigh(cell.value());
                }
            }
            case Mutation.Insert insert -> {
                for (List<@Nullable Object> row : insert.rows()) {
                    weight += ROW_WEIGHT;
                    for (Object value : row) {
                        weight += ValueCheck.weigh(value);
                    }
                }
            }
        }
        return weight;
    }

    private static long weigh(Map<String, @Nullable Object> values) {
        long weight = 0;
        for (Object value : values.values()) {
            weight += ValueCheck.weigh(value);
        }
        return weight;
    }

    private static long weigh(RowSelection rows) {
        long weight = 0;
        if (rows instanceof RowSelection.Keys(List<String> keys)) {
            for (String key : keys) {
                weight += ROW_WEIGHT + key.length();
            }
        }
        return weight;
    }
}
