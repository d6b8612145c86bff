package com.akidb.http.tables;

import com.akidb.engine.ColumnType;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.query.Json;
import com.akidb.query.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Values of columns in JSON. */
final class Cells {

    private Cells() {}

    /** Reads a value of a type, or null. */
    static @Nullable Object read(JsonReader json, ColumnType type) {
        if (json.nothing()) {
            return null;
        }
        return switch (type) {
            case STRING -> json.string();
            case INT -> json.longInteger();
            case FLOAT -> json.float64();
            case BOOL -> json.bool();
            case TIMESTAMP -> Timestamps.parse(json.string(), json.path());
            case JSON -> json.raw();
            case VECTOR -> json.floats();
        };
    }

    static void write(JsonWriter json, ColumnType type, @Nullable Object value) {
        if (type == ColumnType.JSON && value instanceof String text) {
            json.json(text);
        } else {
            write(json, value);
        }
    }

    /** Writes a value that says by its class what it is. */
    static void write(JsonWriter json, @Nullable Object value) {
        switch (value) {
            case null -> json.json(null);
            case Json(String text) -> json.json(text);
            case String text -> json.value(text);
            case Long number -> json.value(number.longValue());
            case Double number -> json.value(number.doubleValue());
            case Boolean bool -> json.value(bool.booleanValue());
            case Instant instant -> json.value(instant.toString());
            case float[] vector -> json.value(vector);
            default -> throw new IllegalStateException("no value of a cell: " + value.getClass());
        }
    }
}
