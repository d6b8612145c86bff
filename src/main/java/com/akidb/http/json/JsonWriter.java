package com.akidb.http.json;

import com.akidb.vector.VectorCodec;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON into an array of bytes that grows, and from a size on into further ones, so that a large text is never copied as a
 * whole. Punctuation is the caller's, as prepared pieces; values are written so
 * that they are always valid. float32 values are the shortest decimals that read back as the same float32.
 */
public final class JsonWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = piece("null");
    private static final byte[] TRUE = piece("true");
    private static final byte[] FALSE = piece("false");

    /** An array of this size is not grown any more. */
    private static final int LARGEST_TO_GROW = 256 * 1024;

    /** Longer texts, in characters, are encoded part by part. */
    private static final int LONG_TEXT = 16 * 1024;

    private final List<ByteBuffer> full = new ArrayList<>(0);
    private int fullBytes;
    private byte[] bytes;
    private int size;
    private final StringBuilder digits = new StringBuilder(64);
    private VectorFormat vectors = VectorFormat.FLOAT;

    public JsonWriter(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /** Prepares a piece of JSON text. */
    public static byte[] piece(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a prepared piece. */
    public JsonWriter put(byte[] piece) {
        reserve(piece.length);
        System.arraycopy(piece, 0, bytes, size, piece.length);
        size += piece.length;
        return this;
    }

    /** Writes one ASCII character of punctuation. */
    public JsonWriter put(char punctuation) {
        reserve(1);
        bytes[size++] = (byte) punctuation;
        return this;
    }

    /** Writes text that is JSON already, or null. */
    public JsonWriter json(@Nullable String json) {
        return put(json == null ? NULL : json.getBytes(StandardCharsets.UTF_8));
    }

    public JsonWriter value(boolean value) {
        return put(value ? TRUE : FALSE);
    }

    public JsonWriter value(long value) {
        digits.setLength(0);
        digits.append(value);
        return digits();
    }

    /** Writes a number; null for NaN and infinities, which JSON lacks. */
    public JsonWriter value(float value) {
        if (!Float.isFinite(value)) {
            return put(NULL);
        }
        digits.setLength(0);
        digits.append(value);
        return digits();
    }

    /** Writes a number; null for NaN and infinities, which JSON lacks. */
    public JsonWriter value(double value) {
        if (!Double.isFinite(value)) {
            return put(NULL);
        }
        digits.setLength(0);
        digits.append(value);
        return digits();
    }

    /** Has vectors written in this format from here on. */
    public JsonWriter vectorsAs(VectorFormat format) {
        vectors = format;
        return this;
    }

    /** Writes a vector: an array of numbers, unless it is told otherwise. */
    public JsonWriter value(float[] values) {
        if (vectors == VectorFormat.BASE64) {
            return base64(values);
        }
        put('[');
        digits.setLength(0);
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                digits.append(',');
            }
            digits.append(values[i]);
        }
        return digits().put(']');
    }

    /** Writes an item of an array. */
    @FunctionalInterface
    public interface ItemWriter<T extends @Nullable Object> {
        void write(JsonWriter json, T item);
    }

    /** Writes an array, brackets and commas included. */
    public <T extends @Nullable Object> JsonWriter array(Iterable<? extends T> items, ItemWriter<T> writer) {
        put('[');
        boolean first = true;
        for (T item : items) {
            if (!first) {
                put(',');
            }
            first = false;
            writer.write(this, item);
        }
        return put(']');
    }

    /** Writes an array of strings. */
    public JsonWriter strings(Iterable<String> texts) {
        return array(texts, JsonWriter::value);
    }

    /** Writes an object of whole numbers. */
    public JsonWriter numbers(Map<String, ? extends Number> numbers) {
        put('{');
        boolean first = true;
        for (Map.Entry<String, ? extends Number> each : numbers.entrySet()) {
            (first ? this : put(','))
                    .value(each.getKey())
                    .put(':')
                    .value(each.getValue().longValue());
            first = false;
        }
        return put('}');
    }

    private JsonWriter base64(float[] values) {
        return put('"').put(VectorCodec.encodeBase64(values).getBytes(StandardCharsets.ISO_8859_1))
                .put('"');
    }

    /** Writes a string, or null. */
    public JsonWriter value(@Nullable String text) {
        if (text == null) {
            return put(NULL);
        }
        put('"');
        if (text.length() <= LONG_TEXT) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            escaped(encoded, encoded.length);
        } else {
            longText(text);
        }
        return put('"');
    }

    /** Encodes a text part by part: of one that is large there would else be a copy as large, which lives as long. */
    private void longText(String text) {
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        char[] part = new char[LONG_TEXT];
        ByteBuffer encoded = ByteBuffer.allocate((int) (LONG_TEXT * encoder.maxBytesPerChar()));
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(from + LONG_TEXT, text.length());
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            text.getChars(from, to, part, 0);
            encoder.reset().encode(CharBuffer.wrap(part, 0, to - from), encoded.clear(), true);
            escaped(encoded.array(), encoded.position());
            from = to;
        }
    }

    private void escaped(byte[] encoded, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            byte next = encoded[i];
            if (next == '"' || next == '\\' || (next & 0xE0) == 0) {
                slice(encoded, from, i);
                escape(next);
                from = i + 1;
            }
        }
        slice(encoded, from, length);
    }

    private void escape(byte character) {
        put('\\');
        switch (character) {
            case '"', '\\' -> put((char) character);
            case '\n' -> put('n');
            case '\r' -> put('r');
            case '\t' -> put('t');
            default -> {
                put('u').put('0').put('0');
                put((char) HEX[character >> 4]).put((char) HEX[character & 0xF]);
            }
        }
    }

    private void slice(byte[] from, int start, int end) {
        reserve(end - start);
        System.arraycopy(from, start, bytes, size, end - start);
        size += end - start;
    }

    private JsonWriter digits() {
        return put(digits.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private void reserve(int more) {
        if (bytes.length - size >= more) {
            return;
        }
        if (size >= LARGEST_TO_GROW) {
            full.add(ByteBuffer.wrap(bytes, 0, size));
            fullBytes = Math.addExact(fullBytes, size);
            bytes = new byte[Math.max(LARGEST_TO_GROW, more)];
            size = 0;
        } else {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }

    /** The array that holds what was written; only its first {@link #size} bytes count. */
    public byte[] array() {
        if (!full.isEmpty()) {
            byte[] whole = new byte[Math.addExact(size(), LARGEST_TO_GROW)];
            int at = 0;
            for (ByteBuffer part : pieces()) {
                part.get(whole, at, part.remaining());
                at += part.limit();
            }
            full.clear();
            fullBytes = 0;
            bytes = whole;
            size = at;
        }
        return bytes;
    }

    /** What was written, in pieces. */
    public List<ByteBuffer> pieces() {
        List<ByteBuffer> pieces = new ArrayList<>(full.size() + 1);
        full.forEach(piece -> pieces.add(piece.duplicate()));
        pieces.add(ByteBuffer.wrap(bytes, 0, size));
        return pieces;
    }

    public int size() {
        return Math.addExact(fullBytes, size);
    }
}
