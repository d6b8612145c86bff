package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;

/** How vectors stand in an answer, as {@code encoding_format} says. */
public enum VectorFormat {
    /** As arrays of numbers. */
    FLOAT,
    /** As strings: base64 of their little-endian float32 values. */
    BASE64;

    /**
     * The format of that name.
     *
     * @param field to blame for another
     */
    public static VectorFormat parse(String name, String field) {
        return switch (name) {
            case "float" -> FLOAT;
            case "base64" -> BASE64;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Unknown encoding_format '" + name + "'; known are float, base64",
                        field);
        };
    }
}
