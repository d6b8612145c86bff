package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Constants of filters, as the Java values that a {@link Predicate} holds. */
final class FilterValues {

    /** A pattern's length is bounded since matching takes time with it, row by row. */
    static final int MAX_PATTERN = 4_096;

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
            return finite(
                    value.isBigInteger() || value.isBigDecimal()
                            ? value.decimalValue().doubleValue()
                            : value.doubleValue(),
                    Place.of(path));
        }
        throw notScalar(value, Place.of(path));
    }

    /** The same of a value that Java code hands over; an instant stays one. */
    static Object scalar(@Nullable Object value, Place place) {
        return switch (value) {
            case String text -> text;
            case Boolean truth -> truth;
            case Instant instant -> instant;
            case Byte number -> number.longValue();
            case Short number -> number.longValue();
            case Integer number -> number.longValue();
            case Long number -> number;
            case BigInteger number when number.bitLength() < Long.SIZE -> number.longValue();
            case Number number -> finite(number.doubleValue(), place);
            case null, default -> throw notScalar(value, place);
        };
    }

    private static Double finite(double number, Place place) {
        if (!Double.isFinite(number)) {
            throw place.invalid(ErrorCode.OUT_OF_RANGE, "must be a finite number");
        }
        return number;
    }

    private static InvalidInputException notScalar(@Nullable Object value, Place place) {
        boolean absent = value == null || value instanceof JsonNode node && node.isNull();
        return place.invalid(
                ErrorCode.WRONG_TYPE,
                absent
                        ? "must be a string, a number or a boolean; for null use 'is null' or 'is not null'"
                        : "must be a string, a number or a boolean, not " + kind(value));
    }

    /** The pattern of {@code like}. */
    static String pattern(@Nullable Object value, Place place) {
        if (!(value instanceof String pattern)) {
            throw place.invalid(ErrorCode.WRONG_TYPE, "must be a string, the pattern of 'like', not " + kind(value));
        }
        if (pattern.length() > MAX_PATTERN) {
            throw place.invalid(
                    ErrorCode.OUT_OF_RANGE, "must be at most " + MAX_PATTERN + " characters, got " + pattern.length());
        }
        if (endsInLoneBackslash(pattern)) {
            throw place.invalid(
                    ErrorCode.INVALID_ARGUMENT, "must not end in a lone backslash, which escapes what follows it");
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

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case JsonNode node -> kind(node);
            case String text -> "a string";
            case Boolean truth -> "a boolean";
            case Number number -> "a number";
            case Instant instant -> "an instant";
            case Iterable<?> list -> "a list";
            default -> "an object";
        };
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
}
