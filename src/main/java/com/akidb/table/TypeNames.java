package com.akidb.table;

import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.text.Words;
import java.util.List;
import java.util.Locale;

/** The names that users know column types by: string, int, float, bool, timestamp, json, embedding. */
public final class TypeNames {

    private static final List<String> ALL = List.of("string", "int", "float", "bool", "timestamp", "json", "embedding");

    private TypeNames() {}

    public static String of(ColumnType type) {
        return type == ColumnType.VECTOR ? "embedding" : type.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The type of that name.
     *
     * @param field the request field to blame
     */
    public static ColumnType parse(String name, String field) {
        return switch (name) {
            case "string" -> ColumnType.STRING;
            case "int" -> ColumnType.INT;
            case "float" -> ColumnType.FLOAT;
            case "bool" -> ColumnType.BOOL;
            case "timestamp" -> ColumnType.TIMESTAMP;
            case "json" -> ColumnType.JSON;
            case "embedding" -> ColumnType.VECTOR;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        field + " must be one of " + String.join(", ", ALL) + "; got '" + Words.shown(name) + "'"
                                + Suggestion.hint(name, ALL),
                        field);
        };
    }

    /** A value of the type in JSON, in words with an article. */
    public static String value(ColumnType type) {
        return switch (type) {
            case STRING -> "a string";
            case INT -> "an integer within 64 bits";
            case FLOAT -> "a finite number";
            case BOOL -> "true or false";
            case TIMESTAMP -> "an RFC 3339 date and time, as a string";
            case JSON -> "JSON";
            case VECTOR -> "an array of numbers";
        };
    }
}
