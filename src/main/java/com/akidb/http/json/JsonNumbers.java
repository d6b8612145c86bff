package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.math.BigDecimal;

/**
 * Reads the numbers of a JSON text. float32 values are read without an intermediate string: the decimal digits are
 * gathered in a long, scaled by an exact power of ten in double precision and narrowed. Both steps are off by at most
 * half a unit in the last place of a double, so the narrowing is right unless the double lies beside the middle
 * between two floats; those few, and numbers of unusual size, go through {@link Float#parseFloat}.
 */
final class JsonNumbers {

    /** Longest number that is read; more digits carry no information that a double could hold. */
    private static final int LONGEST = 1_000;

    private static final int MOST_DIGITS = 18;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    /** The bits of a double that a float lacks, and their middle. */
    private static final long LOST = (1L << 29) - 1;

    private static final long MIDDLE = 1L << 28;
    private static final long MARGIN = 8;

    private JsonNumbers() {}

    /** Reads a number as the nearest float32, which must be finite. */
    static float readFloat(JsonBytes json) {
        int next = json.peek();
        int start = json.position;
        byte[] bytes = json.bytes;
        int end = json.end;
        int i = start;
        boolean negative = next == '-';
        if (negative) {
            i++;
        }
        long digits = 0;
        int significant = 0;
        int scale = 0;
        int first = i;
        int digit;
        while (i < end && (digit = bytes[i] - '0') >= 0 && digit <= 9) {
            digits = digits * 10 + digit;
            significant += digits == 0 ? 0 : 1;
            i++;
        }
        if (i == first || (bytes[first] == '0' && i - first > 1)) {
            throw noNumber(json);
        }
        if (i < end && bytes[i] == '.') {
            int point = ++i;
            while (i < end && (digit = bytes[i] - '0') >= 0 && digit <= 9) {
                digits = digits * 10 + digit;
                significant += digits == 0 ? 0 : 1;
                i++;
            }
            scale = point - i;
            if (scale == 0) {
                throw noNumber(json);
            }
        }
        if (i < end && (bytes[i] | 0x20) == 'e' || significant > MOST_DIGITS || scale < -22) {
            return narrow(json, readToken(json));
        }
        json.position = i;
        double value = (double) digits / POWERS[-scale];
        long lost = Double.doubleToRawLongBits(value) & LOST;
        if (Math.abs(lost - MIDDLE) <= MARGIN || (value != 0 && value < Float.MIN_NORMAL) || value > 3e38) {
            return narrow(json, json.ascii(start, i));
        }
        return (float) (negative ? -value : value);
    }

    private static float narrow(JsonBytes json, String token) {
        float value = Float.parseFloat(token);
        if (Float.isInfinite(value)) {
            throw notFinite(json, "float32");
        }
        return value;
    }

    /** Reads a number as the nearest double, which must be finite. */
    static double readDouble(JsonBytes json) {
        json.peek();
        double value = Double.parseDouble(readToken(json));
        if (Double.isInfinite(value)) {
            throw notFinite(json, "float64");
        }
        return value;
    }

    /** Reads a number that is whole and within 64 bits. */
    static long readLong(JsonBytes json) {
        String token = readToken(json);
        try {
            return Long.parseLong(token);
        } catch (NumberFormatException e) {
            return exactLong(json, new BigDecimal(token));
        }
    }

    private static long exactLong(JsonBytes json, BigDecimal value) {
        if (value.signum() == 0) {
            return 0;
        }
        BigDecimal plain = value.stripTrailingZeros();
        if (plain.scale() > 0) {
            throw json.invalid(ErrorCode.WRONG_TYPE, "must be an integer, not a fraction");
        }
        // A longer one is not even written out, since its exponent may be in the millions.
        if (plain.precision() - plain.scale() > 19
                || plain.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                || plain.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0) {
            throw json.invalid(ErrorCode.OUT_OF_RANGE, "must be an integer within 64 bits");
        }
        return plain.longValueExact();
    }

    /** Consumes a number and returns it as it is written. */
    static String readToken(JsonBytes json) {
        int start = json.position;
        int i = start;
        if (at(json, i) == '-') {
            i++;
        }
        int first = i;
        i = digits(json, i);
        if (i == first || (json.bytes[first] == '0' && i - first > 1)) {
            throw noNumber(json);
        }
        if (at(json, i) == '.') {
            int point = i + 1;
            i = digits(json, point);
            if (i == point) {
                throw noNumber(json);
            }
        }
        if ((at(json, i) | 0x20) == 'e') {
            i++;
            if (at(json, i) == '-' || at(json, i) == '+') {
                i++;
            }
            int exponent = i;
            i = digits(json, i);
            if (i == exponent) {
                throw noNumber(json);
            }
        }
        if (i - start > LONGEST) {
            throw json.invalid(ErrorCode.OUT_OF_RANGE, "has a number longer than " + LONGEST + " characters");
        }
        json.position = i;
        return json.ascii(start, i);
    }

    private static int at(JsonBytes json, int i) {
        return i < json.end ? json.bytes[i] : 0;
    }

    private static int digits(JsonBytes json, int i) {
        while (i < json.end && json.bytes[i] >= '0' && json.bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    /** The reason why what is next is not a number. */
    private static InvalidInputException noNumber(JsonBytes json) {
        if (json.startsWith("NaN") || json.startsWith("Infinity") || json.startsWith("-Infinity")) {
            return json.invalid(ErrorCode.OUT_OF_RANGE, "must be a finite number");
        }
        int next = json.peek();
        if (next == '-' || (next >= '0' && next <= '9')) {
            return json.malformed("a number is not written as JSON has it");
        }
        return json.wrongType("a number");
    }

    private static InvalidInputException notFinite(JsonBytes json, String type) {
        return json.invalid(ErrorCode.OUT_OF_RANGE, "must be a finite " + type + " number");
    }
}
