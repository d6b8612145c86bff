package com.akidb.http.tables;

import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.table.TableService.NewColumn;
import com.akidb.table.TypeNames;
import com.akidb.vector.Metric;
import org.jspecify.annotations.Nullable;

/** A column to create, alone in a body or among others. */
final class ColumnBody {

    private static final Fields FIELDS =
            Fields.of("name", "type", "required", "default", "unique", "dimensions", "metric");

    private final String at;
    private @Nullable String name;
    private @Nullable ColumnType type;
    private boolean required;
    private boolean unique;
    private @Nullable String fallback;
    private @Nullable Integer dimensions;
    private @Nullable Metric metric;

    private ColumnBody(String path) {
        this.at = path.isEmpty() ? "" : path + ".";
    }

    /** Reads one; behind it there may be more. */
    static NewColumn read(JsonReader json) {
        ColumnBody body = new ColumnBody(json.path());
        json.object(FIELDS, body::member);
        return body.column();
    }

    private void member(JsonReader json, String member) {
        switch (member) {
            case "name" -> name = json.string();
            case "type" -> type = TypeNames.parse(json.string(), json.path());
            case "required" -> required = !json.nothing() && json.bool();
            case "unique" -> unique = !json.nothing() && json.bool();
            case "default" -> fallback = json.raw();
            case "dimensions" -> dimensions = json.nothing() ? null : json.integer(1, Integer.MAX_VALUE);
            case "metric" -> metric = json.nothing() ? null : Metric.parse(json.string(), json.path());
            default -> throw new IllegalStateException(member);
        }
    }

    private NewColumn column() {
        if (name == null) {
            throw missing("name");
        }
        if (type == null) {
            throw missing("type");
        }
        Object value = fallback == null ? null : Cells.read(JsonReader.of(fallback, at + "default"), type);
        return new NewColumn(name, type, required, unique, value, dimensions, metric);
    }

    private InvalidInputException missing(String field) {
        return new InvalidInputException(ErrorCode.MISSING_FIELD, at + field + " is missing", at + field);
    }
}
