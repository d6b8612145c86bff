package com.akidb.engine.embedded.index.filter;

import com.akidb.engine.ColumnType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a field's value out of the value that a row has in a column.
 *
 * @param position the column's place in rows
 * @param path into the column's JSON; empty for the value itself
 */
record FieldReader(int position, ColumnType type, List<String> path, JsonScalars json) {

    /** The same for a column that stands elsewhere. */
    FieldReader at(int newPosition) {
        return new FieldReader(newPosition, type, path, json);
    }

    /** Puts the field's value into a column of values. */
    void store(@Nullable Object columnValue, ValueColumn into, int ordinal) {
        Object value = columnValue;
        if (type == ColumnType.JSON && value instanceof String text) {
            value = json.find(text, path);
        }
        switch (value) {
            case String string ->
                into.set(ordinal, ValueKind.STRING, into.dictionary().intern(string));
            case Long number -> into.set(ordinal, ValueKind.INT, number);
            case Double number -> into.set(ordinal, ValueKind.FLOAT, Double.doubleToRawLongBits(number));
            case Boolean flag -> into.set(ordinal, ValueKind.BOOL, flag ? 1 : 0);
            case Instant instant -> into.set(ordinal, ValueKind.TIMESTAMP, micros(instant));
            case null -> into.set(ordinal, ValueKind.ABSENT, 0);
            case Object other ->
                into.set(ordinal, other == JsonScalars.COMPOSITE ? ValueKind.COMPOSITE : ValueKind.ABSENT, 0);
        }
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
