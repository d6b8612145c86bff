package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the strings of a JSON text: escapes, UTF-8, and no half of a surrogate pair. */
final class JsonStrings {

    private JsonStrings() {}

    /** Reads a string whose opening quote is next. */
    static String read(JsonBytes json) {
        int start = ++json.position;
        byte[] bytes = json.bytes;
        int seen = 0;
        for (int i = start; i < json.end; i++) {
            byte next = bytes[i];
            if (next == '"') {
                json.position = i + 1;
                return seen >= 0 ? json.ascii(start, i) : utf8(json, start, i);
            }
            if (next == '\\') {
                json.position = i;
                return escaped(json, start);
            }
            refuseControl(json, next, i);
            seen |= next;
        }
        json.position = json.end;
        throw json.malformed("a string does not end");
    }

    private static String escaped(JsonBytes json, int start) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = json.bytes;
        int from = start;
        for (int i = json.position; i < json.end; ) {
            byte next = bytes[i];
            if (next == '"') {
                text.append(utf8(json, from, i));
                json.position = i + 1;
                return text.toString();
            }
            if (next == '\\') {
                text.append(utf8(json, from, i));
                json.position = i + 1;
                appendEscape(json, text);
                i = json.position;
                from = i;
            } else {
                refuseControl(json, next, i);
                i++;
            }
        }
        json.position = json.end;
        throw json.malformed("a string does not end");
    }

    private static void appendEscape(JsonBytes json, StringBuilder text) {
        int escape = json.position < json.end ? json.bytes[json.position++] : JsonBytes.END;
        switch (escape) {
            case '"', '\\', '/' -> text.append((char) escape);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> appendUnit(json, text);
            default -> throw json.malformed("unknown escape in a string");
        }
    }

    private static void appendUnit(JsonBytes json, StringBuilder text) {
        char unit = unit(json);
        if (!Character.isSurrogate(unit)) {
            text.append(unit);
            return;
        }
        if (Character.isHighSurrogate(unit)
                && json.end - json.position >= 6
                && json.bytes[json.position] == '\\'
                && json.bytes[json.position + 1] == 'u') {
            json.position += 2;
            char low = unit(json);
            if (Character.isLowSurrogate(low)) {
                text.append(unit).append(low);
                return;
            }
        }
        throw json.invalid(ErrorCode.INVALID_ARGUMENT, "contains half of a surrogate pair, which is no character");
    }

    private static char unit(JsonBytes json) {
        if (json.end - json.position < 4) {
            throw json.malformed("an escape is cut off");
        }
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(json.bytes[json.position], 16);
            if (digit < 0) {
                throw json.malformed("an escape needs four hexadecimal digits");
            }
            unit = unit << 4 | digit;
            json.position++;
        }
        return (char) unit;
    }

    private static String utf8(JsonBytes json, int from, int to) {
        String text = new String(json.bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            refuseInvalidUtf8(json, from, to);
        }
        return text;
    }

    private static void refuseInvalidUtf8(JsonBytes json, int from, int to) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json.bytes, from, to - from));
        } catch (CharacterCodingException e) {
            json.position = from;
            throw json.malformed("a string is not valid UTF-8");
        }
    }

    private static void refuseControl(JsonBytes json, byte next, int at) {
        if ((next & 0xE0) == 0) {
            json.position = at;
            throw json.malformed("a control character in a string");
        }
    }
}
