package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text (RFC 8259) in the order of its bytes, without building a tree. Every wrong thing is an {@link
 * InvalidInputException} with the path of the field: syntax (MALFORMED_JSON), a value of another type (WRONG_TYPE), an
 * unknown name (UNKNOWN_FIELD), a number out of bounds (OUT_OF_RANGE). Reading goes only as deep as the caller asks.
 */
public final class JsonReader {

    /** Most levels of arrays and objects in a value that is kept as JSON. */
    public static final int MAX_DEPTH = 64;

    private final JsonBytes json;

    /** Reads the first {@code length} bytes. */
    public JsonReader(byte[] bytes, int length) {
        json = new JsonBytes(bytes, length);
    }

    /** Reads the value of a member. */
    @FunctionalInterface
    public interface MemberReader {
        void read(JsonReader json, String name);
    }

    /** Reads an item of an array. */
    @FunctionalInterface
    public interface ItemReader {
        void read(JsonReader json, int index);
    }

    /** Reads an object whose names are known, none of them twice. */
    public void object(Fields fields, MemberReader members) {
        if (json.peek() != '{') {
            throw json.wrongType("an object");
        }
        json.position++;
        if (json.take('}')) {
            return;
        }
        json.path.enter();
        long seen = 0;
        do {
            int field = name(fields);
            json.path.at(fields.name(field));
            if ((seen & 1L << field) != 0) {
                throw json.invalid(ErrorCode.INVALID_ARGUMENT, "is there twice");
            }
            seen |= 1L << field;
            json.expect(':');
            members.read(this, fields.name(field));
        } while (json.take(','));
        json.path.leave();
        json.expect('}');
    }

    private int name(Fields fields) {
        if (json.peek() != '"') {
            throw json.malformed("expected a name in quotes");
        }
        int start = json.position + 1;
        json.path.at("");
        String name = JsonStrings.read(json);
        int field = fields.find(json.bytes, start, json.position - 1);
        if (field < 0) {
            field = fields.find(name);
        }
        if (field < 0) {
            json.path.at(name.length() > 64 ? name.substring(0, 64) : name);
            throw new InvalidInputException(
                    ErrorCode.UNKNOWN_FIELD, fields.unknown("field", name), json.path.toString());
        }
        return field;
    }

    /** Reads an array. */
    public void array(String what, ItemReader items) {
        if (json.peek() != '[') {
            throw json.wrongType(what);
        }
        json.position++;
        if (json.take(']')) {
            return;
        }
        json.path.enter();
        int index = 0;
        do {
            json.path.at(index);
            items.read(this, index++);
        } while (json.take(','));
        json.path.leave();
        json.expect(']');
    }

    /** Reads a string. */
    public String string() {
        if (json.peek() != '"') {
            throw json.wrongType("a string");
        }
        return JsonStrings.read(json);
    }

    /** Reads a boolean. */
    public boolean bool() {
        if (json.takeWord("true")) {
            return true;
        }
        if (json.takeWord("false")) {
            return false;
        }
        throw json.wrongType("a boolean");
    }

    /** Reads a whole number in bounds, both inclusive; {@code 10.0} is one. */
    public int integer(int least, int most) {
        int next = json.peek();
        if (next != '-' && (next < '0' || next > '9')) {
            throw json.wrongType("an integer");
        }
        double value = JsonNumbers.readDouble(json);
        if (value != Math.rint(value)) {
            throw json.invalid(ErrorCode.WRONG_TYPE, "must be an integer, not a fraction");
        }
        if (value < least || value > most) {
            throw json.invalid(ErrorCode.OUT_OF_RANGE, "must be between " + least + " and " + most);
        }
        return (int) value;
    }

    /** Reads a finite float32. */
    public float number() {
        return JsonNumbers.readFloat(json);
    }

    /** Reads an array of finite float32 numbers. */
    public float[] floats() {
        if (json.peek() != '[') {
            throw json.wrongType("an array of numbers");
        }
        json.position++;
        if (json.take(']')) {
            return new float[0];
        }
        float[] values = new float[384];
        int size = 0;
        try {
            do {
                if (size == values.length) {
                    values = Arrays.copyOf(values, size * 2);
                }
                values[size] = JsonNumbers.readFloat(json);
                size++;
            } while (json.take(','));
        } catch (InvalidInputException e) {
            throw atItem(e, size);
        }
        json.expect(']');
        return size == values.length ? values : Arrays.copyOf(values, size);
    }

    /** Items of vectors are read without keeping a path, so that it is made up when one of them is wrong. */
    private InvalidInputException atItem(InvalidInputException e, int index) {
        if (e.code() == ErrorCode.MALFORMED_JSON) {
            return e;
        }
        String field = json.path.toString();
        String item = field + "[" + index + "]";
        return new InvalidInputException(e.code(), item + e.detail().substring(field.length()), item);
    }

    /** Reads a value of any kind of at most {@link #MAX_DEPTH} levels and returns it as JSON without white space. */
    public String raw() {
        return JsonValues.read(json, MAX_DEPTH);
    }

    /** Consumes a null if it is next. */
    public boolean nothing() {
        return json.takeWord("null");
    }

    /** Reads a string, or null. */
    public @Nullable String stringOrNull() {
        return nothing() ? null : string();
    }

    /** The first character of the next value, such as {@code [} or {@code "}; a digit or minus for a number. */
    public char peek() {
        int next = json.peek();
        if (next == JsonBytes.END) {
            throw json.malformed("it ends too early");
        }
        return (char) next;
    }

    /** Refuses anything behind the value but white space. */
    public void end() {
        if (json.peek() != JsonBytes.END) {
            throw json.malformed("there is something behind its end");
        }
    }

    /** Where the reader is, such as {@code documents[3].text}. */
    public String path() {
        return json.path.toString();
    }

    /** A failure that blames the field that is being read; the rule follows its name. */
    public InvalidInputException invalid(ErrorCode code, String rule) {
        return json.invalid(code, rule);
    }

    /** A failure that says what should be here. */
    public InvalidInputException wrongType(String wanted) {
        return json.wrongType(wanted);
    }
}
