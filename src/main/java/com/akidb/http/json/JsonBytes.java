package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.nio.charset.StandardCharsets;

/** The bytes of one JSON text and the place that has been read so far. */
final class JsonBytes {

    static final int END = -1;

    final byte[] bytes;
    final int end;
    final JsonPath path = new JsonPath();
    int position;

    JsonBytes(byte[] bytes, int length) {
        this.bytes = bytes;
        this.end = length;
    }

    /** The next byte that is no white space, not consumed; {@link #END} if there is none. */
    int peek() {
        while (position < end) {
            byte next = bytes[position];
            if (next > ' ' || (next != ' ' && next != '\n' && next != '\r' && next != '\t')) {
                return next & 0xFF;
            }
            position++;
        }
        return END;
    }

    /** Consumes the next byte that is no white space if it is this one. */
    boolean take(char wanted) {
        if (peek() == wanted) {
            position++;
            return true;
        }
        return false;
    }

    void expect(char wanted) {
        if (!take(wanted)) {
            throw malformed("expected '" + wanted + "'");
        }
    }

    /** Consumes a word such as {@code true} if it is next. */
    boolean takeWord(String word) {
        if (!startsWith(word)) {
            return false;
        }
        position += word.length();
        return true;
    }

    boolean startsWith(String word) {
        peek();
        if (end - position < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[position + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** What the next value is, as messages name it. */
    String kind() {
        int next = peek();
        return switch (next) {
            case '"' -> "a string";
            case '[' -> "an array";
            case '{' -> "an object";
            case 't', 'f' -> "a boolean";
            case 'n' -> "null";
            case END -> throw malformed("it ends too early");
            default -> {
                if (next == '-' || (next >= '0' && next <= '9') || next == 'N' || next == 'I') {
                    yield "a number";
                }
                throw malformed("unexpected character");
            }
        };
    }

    InvalidInputException wrongType(String wanted) {
        String name = path.toString();
        String kind = kind();
        return new InvalidInputException(
                ErrorCode.WRONG_TYPE,
                (name.isEmpty() ? "The body" : name) + " must be " + wanted + ", not " + kind,
                name.isEmpty() ? null : name);
    }

    InvalidInputException malformed(String what) {
        return new InvalidInputException(
                ErrorCode.MALFORMED_JSON, "The body is not valid JSON: " + what + " at byte " + position);
    }

    InvalidInputException invalid(ErrorCode code, String rule) {
        String name = path.toString();
        return new InvalidInputException(code, (name.isEmpty() ? "The body" : name) + " " + rule, name);
    }

    String ascii(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
