package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Reads JSON values of any kind and keeps them as JSON, without the white space between tokens. */
final class JsonValues {

    private final JsonBytes json;
    private final int maxDepth;
    private final ByteArrayOutputStream compact = new ByteArrayOutputStream(128);

    private JsonValues(JsonBytes json, int maxDepth) {
        this.json = json;
        this.maxDepth = maxDepth;
    }

    /** Reads one value of at most so many levels of arrays and objects. */
    static String read(JsonBytes json, int maxDepth) {
        JsonValues values = new JsonValues(json, maxDepth);
        values.value(0);
        return values.compact.toString(StandardCharsets.UTF_8);
    }

    private void value(int depth) {
        int next = json.peek();
        int start = json.position;
        switch (next) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> {
                JsonStrings.read(json);
                copy(start);
            }
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            case JsonBytes.END -> throw json.malformed("it ends too early");
            default -> {
                JsonNumbers.readDouble(json);
                copy(start);
            }
        }
    }

    private void object(int depth) {
        refuseDeep(depth);
        open('{');
        Set<String> names = new HashSet<>();
        if (!json.take('}')) {
            do {
                if (json.peek() != '"') {
                    throw json.malformed("expected a name in quotes");
                }
                int start = json.position;
                String name = JsonStrings.read(json);
                if (!names.add(name)) {
                    throw json.invalid(ErrorCode.INVALID_ARGUMENT, "has the same name twice in one object");
                }
                copy(start);
                json.expect(':');
                compact.write(':');
                value(depth);
            } while (more('}'));
        }
        compact.write('}');
    }

    private void array(int depth) {
        refuseDeep(depth);
        open('[');
        if (!json.take(']')) {
            do {
                value(depth);
            } while (more(']'));
        }
        compact.write(']');
    }

    private boolean more(char close) {
        if (json.take(',')) {
            compact.write(',');
            return true;
        }
        json.expect(close);
        return false;
    }

    private void open(char bracket) {
        json.position++;
        compact.write(bracket);
    }

    private void word(String word) {
        int start = json.position;
        if (!json.takeWord(word)) {
            throw json.malformed("unexpected character");
        }
        copy(start);
    }

    private void copy(int start) {
        compact.write(json.bytes, start, json.position - start);
    }

    private void refuseDeep(int depth) {
        if (depth > maxDepth) {
            throw json.invalid(ErrorCode.OUT_OF_RANGE, "is nested deeper than " + maxDepth + " levels");
        }
    }
}
