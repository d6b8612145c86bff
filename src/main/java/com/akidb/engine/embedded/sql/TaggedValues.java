package com.akidb.engine.embedded.sql;

import com.akidb.query.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Values of which only a run shows what they are, as SQLite holds them: texts and numbers as they are, anything else as a blob
 * that begins with what it is. SQLite keeps their kinds apart, and orders them: absent ones, numbers, texts, true and false,
 * arrays and objects, points in time.
 */
final class TaggedValues {

    private static final byte TRUE = 1;
    private static final byte COMPOSITE = 2;
    private static final byte TIME = 3;

    private TaggedValues() {}

    /** What SQLite holds: a String, Long, Double, byte[] or null. */
    static @Nullable Object encode(@Nullable Object value) {
        return switch (value) {
            case Boolean flag -> SqlFunctions.flag(flag);
            case Json(String text) -> {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                yield ByteBuffer.allocate(1 + utf8.length)
                        .put(COMPOSITE)
                        .put(utf8)
                        .array();
            }
            // The sign is turned round, so that bytes are in the order of times.
            case Instant time ->
                ByteBuffer.allocate(1 + Long.BYTES)
                        .put(TIME)
                        .putLong(ColumnValues.micros(time) ^ Long.MIN_VALUE)
                        .array();
            case null -> null;
            case Object plain -> plain;
        };
    }

    /** The value of what SQLite holds. */
    static @Nullable Object decode(@Nullable Object held) {
        if (!(held instanceof byte[] bytes)) {
            return held;
        }
        return switch (bytes[0]) {
            case COMPOSITE -> new Json(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
            case TIME ->
                ColumnValues.instant(ByteBuffer.wrap(bytes, 1, Long.BYTES).getLong() ^ Long.MIN_VALUE);
            default -> bytes[0] == TRUE;
        };
    }
}
