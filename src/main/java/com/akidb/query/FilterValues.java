package com.akidb.query;

import com.akidb.error.ErrorCode;
import tools.jackson.databind.JsonNode;

/** Constants of filters: JSON scalars as the Java values that a {@link Predicate} holds. */
final class FilterValues {

    /** A pattern's length is bounded since matching takes time with it, row by row. */
    static final int MAX_PATTERN = 4_096;

    private static final int SHORT = 64;

    private FilterValues() {}

    /** A string, a boolean, a whole number within 64 bits as Long, any other number as Double. */
    static Object scalar(JsonNode value, String path) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        if (value.isNumber()) {
            double number = value.isBigInteger() || value.isBigDecimal()
                    ? value.decimalValue().doubleValue()
                    : value.doubleValue();
            if (!Double.isFinite(number)) {
                throw FilterParser.invalid(ErrorCode.OUT_OF_RANGE, path, "must be a finite number");
            }
            return number;
        }
        throw FilterParser.invalid(
                ErrorCode.WRONG_TYPE,
                path,
                value.isNull()
                        ? "must be a string, a number or a boolean; for null use 'is null' or 'is not null'"
                        : "must be a string, a number or a boolean, not " + kind(value));
    }

    static String pattern(JsonNode value, String path) {
        if (!value.isString()) {
            throw FilterParser.invalid(
                    ErrorCode.WRONG_TYPE, path, "must be a string, the pattern of 'like', not " + kind(value));
        }
        String pattern = value.stringValue();
        if (pattern.length() > MAX_PATTERN) {
            throw FilterParser.invalid(
                    ErrorCode.OUT_OF_RANGE,
                    path,
                    "must be at most " + MAX_PATTERN + " characters, got " + pattern.length());
        }
        if (endsInLoneBackslash(pattern)) {
            throw FilterParser.invalid(
                    ErrorCode.INVALID_ARGUMENT,
                    path,
                    "must not end in a lone backslash, which escapes what follows it");
        }
        return pattern;
    }

    private static boolean endsInLoneBackslash(String pattern) {
        int backslashes = 0;
        while (backslashes < pattern.length() && pattern.charAt(pattern.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /** What a value is, with its article, for messages. */
    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case NULL -> "null";
            case MISSING -> "nothing";
        };
    }

    /** A caller's word, short enough and clean enough to be shown in a message. */
    static String shorten(String word) {
        String clean = word.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= SHORT ? clean : clean.substring(0, clean.offsetByCodePoints(0, SHORT / 2)) + "...";
    }
}
