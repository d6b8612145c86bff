package com.akidb.engine.embedded.store;

import com.akidb.engine.Column;
import com.akidb.engine.Mutation;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableDefinition;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.vector.Vectors;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
    static Mutation check(TableDefinition table, Mutation mutation) {
        return switch (mutation) {
            case Mutation.Delete delete -> delete;
            case Mutation.Update _, Mutation.Recompute _, Mutation.Fill _ -> throw new UnsupportedOperationException();
            case Mutation.Insert insert -> {
                List<List<@Nullable Object>> rows =
                        new ArrayList<>(insert.rows().size());
                for (int i = 0; i < insert.rows().size(); i++) {
                    rows.add(row(table, insert.rows().get(i), i));
                }
                yield new Mutation.Insert(rows, insert.onConflict());
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
            values[position] = value(columns.get(position), row.get(position), index);
        }
        List<@Nullable Object> list = Arrays.<@Nullable Object>asList(values);
        return Collections.<@Nullable Object>unmodifiableList(list);
    }

    private static @Nullable Object value(Column column, @Nullable Object value, int index) {
        if (value == null) {
            if (column.required()) {
                throw refuse(ErrorCode.MISSING_FIELD, column, index, "must have a value");
            }
            return null;
        }
        return switch (column.type()) {
            case STRING, JSON -> text(column, value, index);
            case INT -> require(value instanceof Long, value, column, index, "must be an integer");
            case BOOL -> require(value instanceof Boolean, value, column, index, "must be true or false");
            case FLOAT -> {
                boolean finite = value instanceof Double number && Double.isFinite(number);
                require(finite, value, column, index, "must be a finite number");
                // SQLite stores -0.0 as 0.0.
                yield (Double) value + 0.0;
            }
            case TIMESTAMP -> instant(column, value, index);
            case VECTOR -> {
                require(value instanceof float[], value, column, index, "must be a vector");
                String field = field(column, index);
                Vectors.requireUsable(
                        (float[]) value, column.dimension(), Objects.requireNonNull(column.metric()), field);
                yield value;
            }
        };
    }

    private static String text(Column column, Object value, int index) {
        require(value instanceof String, value, column, index, "must be a text");
        String text = (String) value;
        if (!Text.isWellFormed(text)) {
            throw refuse(
                    ErrorCode.INVALID_ARGUMENT, column, index, "has half of a surrogate pair, which is no character");
        }
        return text;
    }

    private static Instant instant(Column column, Object value, int index) {
        require(value instanceof Instant, value, column, index, "must be a point in time");
        try {
            Instant instant = ((Instant) value).truncatedTo(ChronoUnit.MICROS);
            return ColumnValues.instant(ColumnValues.micros(instant));
        } catch (ArithmeticException e) {
            throw refuse(ErrorCode.OUT_OF_RANGE, column, index, "is too far from 1970 to be kept in microseconds");
        }
    }

    private static Object require(boolean holds, Object value, Column column, int index, String rule) {
        if (!holds) {
            throw refuse(ErrorCode.WRONG_TYPE, column, index, rule);
        }
        return value;
    }

    private static InvalidInputException refuse(ErrorCode code, Column column, int index, String rule) {
        return new InvalidInputException(code, "'" + column.name() + "' " + rule, field(column, index));
    }

    private static String field(Column column, int index) {
        return "rows[" + index + "]." + column.name();
    }

    /** About the memory that a mutation holds, in bytes. */
    static long weigh(Mutation mutation) {
        long weight = ROW_WEIGHT;
        switch (mutation) {
            case Mutation.Delete delete -> {
                if (delete.rows() instanceof RowSelection.Keys(List<String> keys)) {
                    for (String key : keys) {
                        weight += ROW_WEIGHT + key.length();
                    }
                }
            }
            case Mutation.Update _, Mutation.Recompute _, Mutation.Fill _ -> {}
            case Mutation.Insert insert -> {
                for (List<@Nullable Object> row : insert.rows()) {
                    weight += ROW_WEIGHT;
                    for (Object value : row) {
                        weight += weigh(value);
                    }
                }
            }
        }
        return weight;
    }

    private static long weigh(@Nullable Object value) {
        return switch (value) {
            case String text -> 2L * text.length();
            case float[] vector -> (long) Float.BYTES * vector.length;
            case null, default -> Long.BYTES;
        };
    }
}
