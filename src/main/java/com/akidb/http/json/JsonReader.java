package com.akidb.http.json;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.vector.VectorCodec;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one JSON text (RFC 8259) in the order of its bytes, without building a tree where none is asked for. Every wrong
 * thing is an {@link InvalidInputException} with the path of the field: syntax (MALFORMED_JSON), a value of another type
 * (WRONG_TYPE), an unknown name (UNKNOWN_FIELD), a number out of bounds (OUT_OF_RANGE). Reading goes only as deep as the
 * caller asks.
 */
public final class JsonReader {

    /** Most levels of arrays and objects in a value that is kept as JSON. */
    public static final int MAX_DEPTH = 64;

    /** Most levels of arrays and objects in a filter, and in what stands in one. */
    public static final int MAX_FILTER_DEPTH = 110;

    private static final int END = -1;
    private static final int LONGEST_NAME_SHOWN = 64;

    /** Longest number that is read; more digits carry no information that a double could hold. */
    private static final int LONGEST = 1_000;

    private static final int MOST_DIGITS = 18;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final Fields FLOAT16 = Fields.of("float16");

    /** The bits of a double that a float lacks, and their middle. */
    private static final long LOST = (1L << 29) - 1;

    private static final long MIDDLE = 1L << 28;
    private static final long MARGIN = 8;

    private final byte[] bytes;
    private final int end;
    private final Path path = new Path();
    private int position;

    /** Reads the first {@code length} bytes. */
    public JsonReader(byte[] bytes, int length) {
        this.bytes = bytes;
        this.end = length;
    }

    /** Reads a text whose place in the whole is a path such as {@code columns[3].default}. */
    public static JsonReader of(String text, String path) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader(bytes, bytes.length);
        reader.path.enter();
        reader.path.at(path);
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
        object(
                fields,
                (json, position) -> members.read(json, fields.name(position)),
                (name, where) ->
                        new InvalidInputException(ErrorCode.UNKNOWN_FIELD, fields.unknown("field", name), where));
    }

    /** As {@link #object(Fields, MemberReader)}, for names that are not known when the program is written. */
    public void object(Fields fields, PositionReader values, UnknownName unknown) {
        if (next() != '{') {
            throw wrongType("an object");
        }
        position++;
        if (take('}')) {
            return;
        }
        path.enter();
        long[] seen = new long[(fields.size() + 63) / 64];
        int field = -1;
        do {
            field = name(fields, field + 1, unknown);
            path.at(fields.name(field));
            if ((seen[field / 64] & 1L << field) != 0) {
                throw invalid(ErrorCode.INVALID_ARGUMENT, "is there twice");
            }
            seen[field / 64] |= 1L << field;
            expect(':');
            values.read(this, field);
        } while (take(','));
        path.leave();
        expect('}');
    }

    private int name(Fields fields, int expected, UnknownName unknown) {
        next();
        int start = position;
        path.at("");
        String name = name();
        int field = fields.find(expected, bytes, start + 1, position - 1, name);
        if (field < 0) {
            String shown = name.length() > LONGEST_NAME_SHOWN ? name.substring(0, LONGEST_NAME_SHOWN) : name;
            path.at(shown);
            throw unknown.of(name, path.toString());
        }
        return field;
    }

    private String name() {
        if (next() != '"') {
            throw malformed("expected a name in quotes");
        }
        return quoted();
    }

    /** Reads values that follow one another with nothing but white space between, up to the end. */
    public void sequence(String name, ItemReader items) {
        path.enter();
        path.at(name);
        path.enter();
        for (int index = 0; next() != END; index++) {
            path.at(index);
            items.read(this, index);
        }
        path.leave();
        path.leave();
    }

    /** Reads an array. */
    public void array(String what, ItemReader items) {
        if (next() != '[') {
            throw wrongType(what);
        }
        position++;
        if (take(']')) {
            return;
        }
        path.enter();
        int index = 0;
        do {
            path.at(index);
            items.read(this, index++);
        } while (take(','));
        path.leave();
        expect(']');
    }

    /** Consumes a null if it is next. */
    public boolean nothing() {
        return takeWord("null");
    }

    /** Reads a boolean. */
    public boolean bool() {
        if (takeWord("true")) {
            return true;
        }
        if (takeWord("false")) {
            return false;
        }
        throw wrongType("a boolean");
    }

    /** The first character of the next value, such as {@code [} or {@code "}; a digit or minus for a number. */
    public char peek() {
        int next = next();
        if (next == END) {
            throw malformed("it ends too early");
        }
        return (char) next;
    }

    /** Refuses anything behind the value but white space. */
    public void end() {
        if (next() != END) {
            throw malformed("there is something after its end");
        }
    }

    /** Where the reader is, such as {@code documents[3].text}. */
    public String path() {
        return path.toString();
    }

    // Strings: escapes, UTF-8, and no half of a surrogate pair.

    /** Reads a string. */
    public String string() {
        if (next() != '"') {
            throw wrongType("a string");
        }
        return quoted();
    }

    /** Reads a string, or null. */
    public @Nullable String stringOrNull() {
        return nothing() ? null : string();
    }

    /** Reads a string whose opening quote is next. */
    private String quoted() {
        int start = ++position;
        int seen = 0;
        for (int i = start; i < end; i++) {
            byte next = bytes[i];
            if (next == '"') {
                position = i + 1;
                return seen >= 0 ? ascii(start, i) : utf8(start, i);
            }
            if (next == '\\') {
                position = i;
                return escaped(start);
            }
            refuseControl(next, i);
            seen |= next;
        }
        position = end;
        throw malformed("a string does not end");
    }

    private String escaped(int start) {
        StringBuilder text = new StringBuilder();
        int from = start;
        for (int i = position; i < end; ) {
            byte next = bytes[i];
            if (next == '"') {
                text.append(utf8(from, i));
                position = i + 1;
                return text.toString();
            }
            if (next == '\\') {
                text.append(utf8(from, i));
                position = i + 1;
                appendEscape(text);
                i = position;
                from = i;
            } else {
                refuseControl(next, i);
                i++;
            }
        }
        position = end;
        throw malformed("a string does not end");
    }

    private void appendEscape(StringBuilder text) {
        int escape = position < end ? bytes[position++] : END;
        switch (escape) {
            case '"', '\\', '/' -> text.append((char) escape);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> appendUnit(text);
            default -> throw malformed("unknown escape in a string");
        }
    }

    private void appendUnit(StringBuilder text) {
        char unit = unit();
        if (!Character.isSurrogate(unit)) {
            text.append(unit);
            return;
        }
        if (Character.isHighSurrogate(unit)
                && end - position >= 6
                && bytes[position] == '\\'
                && bytes[position + 1] == 'u') {
            position += 2;
            char low = unit();
            if (Character.isLowSurrogate(low)) {
                text.append(unit).append(low);
                return;
            }
        }
        throw invalid(ErrorCode.INVALID_ARGUMENT, "contains an unpaired surrogate, which is not a valid character");
    }

    private char unit() {
        if (end - position < 4) {
            throw malformed("an escape is cut off");
        }
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(bytes[position], 16);
            if (digit < 0) {
                throw malformed("an escape needs four hexadecimal digits");
            }
            unit = unit << 4 | digit;
            position++;
        }
        return (char) unit;
    }

    private String utf8(int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            refuseInvalidUtf8(from, to);
        }
        return text;
    }

    private void refuseInvalidUtf8(int from, int to) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
        } catch (CharacterCodingException e) {
            position = from;
            throw malformed("a string is not valid UTF-8");
        }
    }

    private void refuseControl(byte next, int at) {
        if ((next & 0xE0) == 0) {
            position = at;
            throw malformed("a control character in a string");
        }
    }

    // Numbers.

    /** Reads a whole number in bounds, both inclusive; {@code 10.0} is one. */
    public int integer(int least, int most) {
        int next = next();
        if (next != '-' && (next < '0' || next > '9')) {
            throw wrongType("an integer");
        }
        double value = float64();
        if (value != Math.rint(value)) {
            throw invalid(ErrorCode.WRONG_TYPE, "must be an integer, not a fraction");
        }
        if (value < least || value > most) {
            throw invalid(ErrorCode.OUT_OF_RANGE, "must be between " + least + " and " + most);
        }
        return (int) value;
    }

    /**
     * Reads a number as the nearest float32, which must be finite. The decimal digits are gathered in a long, scaled by an
     * exact power of ten in double precision and narrowed, without an intermediate string. Both steps are off by at most
     * half a unit in the last place of a double, so the narrowing is right unless the double lies beside the middle
     * between two floats; those few, and numbers of unusual size, go through {@link Float#parseFloat}.
     */
    public float number() {
        int next = next();
        int start = position;
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
            throw noNumber();
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
                throw noNumber();
            }
        }
        if (i < end && (bytes[i] | 0x20) == 'e' || significant > MOST_DIGITS || scale < -22) {
            return narrow(numberToken());
        }
        position = i;
        double value = (double) digits / POWERS[-scale];
        long lost = Double.doubleToRawLongBits(value) & LOST;
        if (Math.abs(lost - MIDDLE) <= MARGIN || (value != 0 && value < Float.MIN_NORMAL) || value > 3e38) {
            return narrow(ascii(start, i));
        }
        return (float) (negative ? -value : value);
    }

    private float narrow(String token) {
        float value = Float.parseFloat(token);
        if (Float.isInfinite(value)) {
            throw notFinite("float32");
        }
        return value;
    }

    /** Reads a number as the nearest float64, which must be finite. */
    public double float64() {
        next();
        double value = Double.parseDouble(numberToken());
        if (Double.isInfinite(value)) {
            throw notFinite("float64");
        }
        return value;
    }

    /** Reads a whole number of 64 bits; {@code 10.0} is one. */
    public long longInteger() {
        int next = next();
        if (next != '-' && (next < '0' || next > '9')) {
            throw wrongType("an integer");
        }
        String token = numberToken();
        try {
            return Long.parseLong(token);
        } catch (NumberFormatException e) {
            return exactLong(new BigDecimal(token));
        }
    }

    private long exactLong(BigDecimal value) {
        if (value.signum() == 0) {
            return 0;
        }
        BigDecimal plain = value.stripTrailingZeros();
        if (plain.scale() > 0) {
            throw invalid(ErrorCode.WRONG_TYPE, "must be an integer, not a fraction");
        }
        // A longer one is not even written out, since its exponent may be in the millions.
        if (plain.precision() - plain.scale() > 19
                || plain.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                || plain.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0) {
            throw invalid(ErrorCode.OUT_OF_RANGE, "must be an integer within 64 bits");
        }
        return plain.longValueExact();
    }

    /** Consumes a number and returns it as it is written. */
    private String numberToken() {
        int start = position;
        int i = start;
        if (at(i) == '-') {
            i++;
        }
        int first = i;
        i = digits(i);
        if (i == first || (bytes[first] == '0' && i - first > 1)) {
            throw noNumber();
        }
        if (at(i) == '.') {
            int point = i + 1;
            i = digits(point);
            if (i == point) {
                throw noNumber();
            }
        }
        if ((at(i) | 0x20) == 'e') {
            i++;
            if (at(i) == '-' || at(i) == '+') {
                i++;
            }
            int exponent = i;
            i = digits(i);
            if (i == exponent) {
                throw noNumber();
            }
        }
        if (i - start > LONGEST) {
            throw invalid(ErrorCode.OUT_OF_RANGE, "has a number longer than " + LONGEST + " characters");
        }
        position = i;
        return ascii(start, i);
    }

    private int at(int i) {
        return i < end ? bytes[i] : 0;
    }

    private int digits(int i) {
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    /** The reason why what is next is not a number. */
    private InvalidInputException noNumber() {
        if (startsWith("NaN") || startsWith("Infinity") || startsWith("-Infinity")) {
            return invalid(ErrorCode.OUT_OF_RANGE, "must be a finite number");
        }
        int next = next();
        if (next == '-' || (next >= '0' && next <= '9')) {
            return malformed("a number is not written as JSON requires");
        }
        return wrongType("a number");
    }

    private InvalidInputException notFinite(String type) {
        return invalid(ErrorCode.OUT_OF_RANGE, "must be a finite " + type + " number");
    }

    /**
     * Reads a vector: an array of finite float32 numbers, the same as base64 of their little-endian bytes, or an object with
     * base64 of half-precision ones, {@code {"float16": "..."}}.
     */
    public float[] floats() {
        int next = next();
        if (next == '"') {
            return finite(base64(Float.BYTES));
        }
        if (next == '{') {
            return float16();
        }
        if (next != '[') {
            throw wrongType("an array of numbers");
        }
        position++;
        if (take(']')) {
            return new float[0];
        }
        float[] values = new float[384];
        int size = 0;
        try {
            do {
                if (size == values.length) {
                    values = Arrays.copyOf(values, size * 2);
                }
                values[size] = number();
                size++;
            } while (take(','));
        } catch (InvalidInputException e) {
            throw atItem(e, size);
        }
        expect(']');
        return size == values.length ? values : Arrays.copyOf(values, size);
    }

    private float[] float16() {
        float @Nullable [][] vector = new float[1][];
        object(FLOAT16, (json, name) -> vector[0] = finite(json.base64(Short.BYTES)));
        if (vector[0] == null) {
            throw invalid(ErrorCode.MISSING_FIELD, "has no float16");
        }
        return vector[0];
    }

    /** @param width bytes of a number */
    private float[] base64(int width) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(string());
        } catch (IllegalArgumentException e) {
            throw notBase64(width);
        }
        if (bytes.length % width != 0) {
            throw notBase64(width);
        }
        float[] values = width == Float.BYTES ? VectorCodec.decode(bytes) : VectorCodec.decodeFloat16(bytes);
        return Objects.requireNonNull(values);
    }

    private InvalidInputException notBase64(int width) {
        return invalid(
                ErrorCode.WRONG_TYPE,
                width == Float.BYTES
                        ? "must be an array of numbers, or base64 of little-endian float32 values"
                        : "must be base64 of little-endian float16 values");
    }

    private float[] finite(float[] values) {
        int wrong = VectorCodec.firstNotFinite(values);
        if (wrong >= 0) {
            String item = path + "[" + wrong + "]";
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, item + " must be a finite number", item);
        }
        return values;
    }

    /** Items of vectors are read without keeping a path, so that it is made up when one of them is wrong. */
    private InvalidInputException atItem(InvalidInputException e, int index) {
        if (e.code() == ErrorCode.MALFORMED_JSON) {
            return e;
        }
        String field = path.toString();
        String item = field + "[" + index + "]";
        return new InvalidInputException(e.code(), item + e.detail().substring(field.length()), item);
    }

    // Values of any kind.

    /** Reads a value of any kind of at most {@link #MAX_DEPTH} levels and returns it as JSON without white space. */
    public String raw() {
        ByteArrayOutputStream compact = new ByteArrayOutputStream(128);
        copyValue(compact, 0);
        return compact.toString(StandardCharsets.UTF_8);
    }

    private void copyValue(ByteArrayOutputStream to, int depth) {
        int next = next();
        int start = position;
        switch (next) {
            case '{' -> {
                copyBracket(to, '{', depth + 1);
                Set<String> names = new HashSet<>();
                boolean more = !take('}');
                while (more) {
                    next();
                    start = position;
                    newName(names);
                    to.write(bytes, start, position - start);
                    expect(':');
                    to.write(':');
                    copyValue(to, depth + 1);
                    more = copySeparator(to, '}');
                }
                to.write('}');
            }
            case '[' -> {
                copyBracket(to, '[', depth + 1);
                boolean more = !take(']');
                while (more) {
                    copyValue(to, depth + 1);
                    more = copySeparator(to, ']');
                }
                to.write(']');
            }
            default -> {
                skipScalar(next);
                to.write(bytes, start, position - start);
            }
        }
    }

    private void copyBracket(ByteArrayOutputStream to, char bracket, int depth) {
        enterLevel(depth, MAX_DEPTH);
        to.write(bracket);
    }

    private boolean copySeparator(ByteArrayOutputStream to, char close) {
        boolean more = more(close);
        if (more) {
            to.write(',');
        }
        return more;
    }

    private void skipScalar(int next) {
        switch (next) {
            case '"' -> quoted();
            case 't', 'f', 'n' -> word(next);
            case END -> throw malformed("it ends too early");
            default -> float64();
        }
    }

    /** Reads a filter, or another value of at most {@link #MAX_FILTER_DEPTH} levels, as a tree. */
    public JsonNode tree() {
        return tree(0);
    }

    private JsonNode tree(int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        int next = next();
        return switch (next) {
            case '{' -> {
                enterLevel(depth + 1, MAX_FILTER_DEPTH);
                ObjectNode object = nodes.objectNode();
                Set<String> names = new HashSet<>();
                boolean more = !take('}');
                while (more) {
                    String name = newName(names);
                    expect(':');
                    object.set(name, tree(depth + 1));
                    more = more('}');
                }
                yield object;
            }
            case '[' -> {
                enterLevel(depth + 1, MAX_FILTER_DEPTH);
                ArrayNode array = nodes.arrayNode();
                boolean more = !take(']');
                while (more) {
                    array.add(tree(depth + 1));
                    more = more(']');
                }
                yield array;
            }
            case '"' -> nodes.stringNode(quoted());
            case 't', 'f' -> nodes.booleanNode(word(next).equals("true"));
            case 'n' -> {
                word(next);
                yield nodes.nullNode();
            }
            case END -> throw malformed("it ends too early");
            default -> numberNode(nodes);
        };
    }

    /** A number as Jackson reads it: whole ones as small as they fit, others as float64. */
    private JsonNode numberNode(JsonNodeFactory nodes) {
        int start = position;
        double value = float64();
        String token = ascii(start, position);
        if (token.indexOf('.') >= 0 || token.indexOf('e') >= 0 || token.indexOf('E') >= 0) {
            return nodes.numberNode(value);
        }
        BigInteger whole = new BigInteger(token);
        if (whole.bitLength() < Integer.SIZE) {
            return nodes.numberNode(whole.intValue());
        }
        return whole.bitLength() < Long.SIZE ? nodes.numberNode(whole.longValue()) : nodes.numberNode(whole);
    }

    private String newName(Set<String> names) {
        String name = name();
        if (!names.add(name)) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, "has the same name twice in one object");
        }
        return name;
    }

    private void enterLevel(int depth, int maxDepth) {
        if (depth > maxDepth) {
            throw invalid(ErrorCode.OUT_OF_RANGE, "is nested deeper than " + maxDepth + " levels");
        }
        position++;
    }

    private boolean more(char close) {
        if (take(',')) {
            return true;
        }
        expect(close);
        return false;
    }

    private String word(int first) {
        String word = first == 't' ? "true" : first == 'f' ? "false" : "null";
        if (!takeWord(word)) {
            throw malformed("unexpected character");
        }
        return word;
    }

    // Bytes.

    /** The next byte that is no white space, not consumed; {@link #END} if there is none. */
    private int next() {
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
    private boolean take(char wanted) {
        if (next() == wanted) {
            position++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (!take(wanted)) {
            throw malformed("expected '" + wanted + "'");
        }
    }

    /** Consumes a word such as {@code true} if it is next. */
    private boolean takeWord(String word) {
        if (!startsWith(word)) {
            return false;
        }
        position += word.length();
        return true;
    }

    private boolean startsWith(String word) {
        next();
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

    private String ascii(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    // Failures.

    /** A failure that blames the field that is being read; the rule follows its name. */
    public InvalidInputException invalid(ErrorCode code, String rule) {
        String name = path.toString();
        return new InvalidInputException(code, (name.isEmpty() ? "The body" : name) + " " + rule, name);
    }

    /** A failure that says what should be here. */
    public InvalidInputException wrongType(String wanted) {
        String name = path.toString();
        String kind = kind();
        return new InvalidInputException(
                ErrorCode.WRONG_TYPE,
                (name.isEmpty() ? "The body" : name) + " must be " + wanted + ", not " + kind,
                name.isEmpty() ? null : name);
    }

    private InvalidInputException malformed(String what) {
        return new InvalidInputException(
                ErrorCode.MALFORMED_JSON, "The body is not valid JSON: " + what + " at byte " + position);
    }

    /** What the next value is, as messages name it. */
    private String kind() {
        int next = next();
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

    /** Where a reader is, as messages name it: {@code documents[3].vector[17]}. Costs nothing until somebody asks. */
    private static final class Path {

        private String[] names = new String[8];
        private int[] indexes = new int[8];
        private int depth;

        /** Goes into a member or an item, whose name is set next. */
        void enter() {
            if (depth == names.length) {
                names = Arrays.copyOf(names, depth * 2);
                indexes = Arrays.copyOf(indexes, depth * 2);
            }
            depth++;
        }

        void at(String name) {
            names[depth - 1] = name;
            indexes[depth - 1] = -1;
        }

        void at(int index) {
            indexes[depth - 1] = index;
        }

        void leave() {
            depth--;
        }

        @Override
        public String toString() {
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < depth; i++) {
                if (indexes[i] >= 0) {
                    path.append('[').append(indexes[i]).append(']');
                } else {
                    path.append(path.isEmpty() ? "" : ".").append(names[i]);
                }
            }
            return path.toString();
        }
    }
}
