package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text (RFC 8259) in the order of its bytes, without building a tree. Every wrong thing is an {@link
 * InvalidInputException} with the path of the field: syntax (MALFORMED_JSON), a value of another type (WRONG_TYPE), an
 * unknown name (UNKNOWN_FIELD), a number out of bounds (OUT_OF_RANGE). Reading goes only as deep as the caller asks.
 */
public final class JsonReader {

    /** Most levels of arrays and objects in a value that is kept as JSON. */
    public static final int MAX_DEPTH = 64;

    public static final int MAX_FILTER_DEPTH = 110;

    private final JsonBytes json;

    /** Reads the first {@code length} bytes. */
    public JsonReader(byte[] bytes, int length) {
        json = new JsonBytes(bytes, length);
    }

    /** Reads a text whose place in the whole is a path such as {@code columns[3].default}. */
    public static JsonReader of(String text, String path) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader(bytes, bytes.length);
        reader.json.path.enter();
        reader.json.path.at(path);
        return reader;
    }

    /** Reads the value of a member. */
    @FunctionalInterface
    public interface MemberReader {
        void read(JsonReader json, String name);
    }

    /** Reads the value of the member at a position. */
    @FunctionalInterface
    public interface PositionReader {
        void read(JsonReader json, int position);
    }

    /** Says what is wrong with a name that is not known. */
    @FunctionalInterface
    public interface UnknownName {
        RuntimeException of(String name, String path);
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

    /** Reads an object whose names are those of some members; whether one is there twice is for the caller to see. */
    public void object(Members members, PositionReader values, UnknownName unknown) {
        if (json.peek() != '{') {
            throw json.wrongType("an object");
        }
        json.position++;
        if (json.take('}')) {
            return;
        }
        json.path.enter();
        int position = -1;
        do {
            position = position(members, position + 1, unknown);
            json.path.at(members.name(position));
            json.expect(':');
            values.read(this, position);
        } while (json.take(','));
        json.path.leave();
        json.expect('}');
    }

    private int position(Members members, int expected, UnknownName unknown) {
        if (json.peek() != '"') {
            throw json.malformed("expected a name in quotes");
        }
        int start = json.position + 1;
        json.path.at("");
        String name = JsonStrings.read(json);
        int position = members.expected(expected, json.bytes, start, json.position - 1);
        if (position < 0) {
            position = members.find(name);
        }
        if (position < 0) {
            json.path.at(name.length() > 64 ? name.substring(0, 64) : name);
            throw unknown.of(name, json.path.toString());
        }
        return position;
    }

    /** Reads values that follow one another with nothing but white space between, up to the end. */
    public void sequence(String name, ItemReader items) {
        json.path.enter();
        json.path.at(name);
        json.path.enter();
        for (int index = 0; json.peek() != JsonBytes.END; index++) {
            json.path.at(index);
            items.read(this, index);
        }
        json.path.leave();
        json.path.leave();
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

    /** Reads a whole number of 64 bits; {@code 10.0} is one. */
    public long longInteger() {
        int next = json.peek();
        if (next != '-' && (next < '0' || next > '9')) {
            throw json.wrongType("an integer");
        }
        return JsonNumbers.readLong(json);
    }

    /** Reads a finite float64. */
    public double float64() {
        return JsonNumbers.readDouble(json);
    }

    /** Reads a finite float32. */
    public float number() {
        return JsonNumbers.readFloat(json);
    }

    /** Reads an array of finite float32 numbers. */
    public float[] floats() {
        return JsonVectors.read(json);
    }

    /** As {@link #raw()}, of at most {@link #MAX_FILTER_DEPTH} levels: those of filters, and of what stands in them. */
    public String rawFilter() {
        return JsonValues.read(json, MAX_FILTER_DEPTH);
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
