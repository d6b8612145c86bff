package com.akidb.embedding;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.model.ModelSpec;
import java.util.Locale;

/** What a text is for; models that were trained with prompts put theirs before it. */
public enum InputType {
    NONE,
    QUERY,
    DOCUMENT;

    /** The type that requests call {@code query} or {@code document}; {@code field} is to blame for any other name. */
    public static InputType parse(String name, String field) {
        return switch (name) {
            case "query" -> QUERY;
            case "document" -> DOCUMENT;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Unknown input_type '" + name + "'; known are query, document",
                        field);
        };
    }

    /** As answers call it: {@code none}, {@code query} or {@code document}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The prompt that a model puts before such texts; empty for none. */
    public String promptOf(ModelSpec model) {
        return switch (this) {
            case NONE -> "";
            case QUERY -> model.queryPrefix();
            case DOCUMENT -> model.documentPrefix();
        };
    }
}
