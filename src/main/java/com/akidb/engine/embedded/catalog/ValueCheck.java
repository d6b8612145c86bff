package com.akidb.engine.embedded.catalog;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Uncomputed;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Unicode;
import com.akidb.vector.Vectors;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Refuses values that a column could not keep unchanged. */
public final class ValueCheck {

    private ValueCheck() {}

    /**
     * The value as it will be stored: instants are cut to microseconds.
     *
     * @param field of the request to blame
     * @throws InvalidInputException if it does not fit, or is absent and must not be
     */
    public static @Nullable Object value(Column column, @Nullable Object value, String field) {
        if (value == null && column.required()) {
            throw refuse(ErrorCode.MISSING_FIELD, column, field, "must have a value");
        }
        return optional(column, value, field);
    }

    /** As {@link #value}, where the value may be absent. */
    public static @Nullable Object optional(Column column, @Nullable Object value, String field) {
        if (value == null || (column.type() == ColumnType.VECTOR && value instanceof Uncomputed)) {
            return value;
        }
        return switch (column.type()) {
            case STRING, JSON -> text(column, value, field);
            case INT -> require(value instanceof Long, value, column, field, "must be an integer");
            case BOOL -> require(value instanceof Boolean, value, column, field, "must be true or false");
            case FLOAT -> {
                boolean finite = value instanceof Double number && Double.isFinite(number);
                require(finite, value, column, field, "must be a finite number");
                // SQLite stores -0.0 as 0.0.
                yield (Double) value + 0.0;
            }
            case TIMESTAMP -> instant(column, value, field);
            case VECTOR -> {
                require(value instanceof float[], value, column, field, "must be a vector");
                Vectors.requireUsable(
                        (float[]) value, column.dimension(), Objects.requireNonNull(column.metric()), field);
                yield value;
            }
        };
    }

    private static String text(Column column, Object value, String field) {
        require(value instanceof String, value, column, field, "must be a text");
        String text = (String) value;
        if (!Unicode.isWellFormed(text)) {
            throw refuse(
                    ErrorCode.INVALID_ARGUMENT,
                    column,
                    field,
                    "has an unpaired surrogate, which is not a valid character");
        }
        return text;
    }

    private static Instant instant(Column column, Object value, String field) {
        require(value instanceof Instant, value, column, field, "must be a date and time");
        try {
            Instant instant = ((Instant) value).truncatedTo(ChronoUnit.MICROS);
            return ColumnValues.instant(ColumnValues.micros(instant));
        } catch (ArithmeticException e) {
            throw refuse(ErrorCode.OUT_OF_RANGE, column, field, "is too far from 1970 to be kept in microseconds");
        }
    }

    private static Object require(boolean holds, Object value, Column column, String field, String rule) {
        if (!holds) {
            throw refuse(ErrorCode.WRONG_TYPE, column, field, rule);
        }
        return value;
    }

    private static InvalidInputException refuse(ErrorCode code, Column column, String field, String rule) {
        return new InvalidInputException(code, "'" + column.name() + "' " + rule, field);
    }

    /** About the memory that a value holds, in bytes. */
    public static long weigh(@Nullable Object value) {
        return switch (value) {
            case String text -> 2L * text.length();
            case float[] vector -> (long) Float.BYTES * vector.length;
            case Uncomputed.Failed failed -> 2L * failed.error().length();
            case null, default -> Long.BYTES;
        };
    }
}
