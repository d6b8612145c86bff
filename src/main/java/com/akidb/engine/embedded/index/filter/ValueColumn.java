package com.akidb.engine.embedded.index.filter;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of one field by ordinal: a byte that says what it is and 64 bits of payload ({@link ValueKind}). A value
 * never changes once a search can see its ordinal. One thread grows it; others may set values below {@link #reserve}'s
 * bound, each ordinal from one thread.
 */
final class ValueColumn {

    static final int SHIFT = 12;
    static final int CHUNK = 1 << SHIFT;

    /** Values of {@link #CHUNK} ordinals. */
    record Chunk(byte[] kinds, long[] payloads) {}

    private final StringDictionary dictionary;
    private volatile Chunk[] chunks = new Chunk[0];

    ValueColumn(StringDictionary dictionary) {
        this.dictionary = dictionary;
    }

    StringDictionary dictionary() {
        return dictionary;
    }

    /** Makes room for ordinals below that number; they are absent until set. */
    void reserve(int ordinals) {
        int needed = (ordinals + CHUNK - 1) >>> SHIFT;
        Chunk[] now = chunks;
        if (needed > now.length) {
            Chunk[] grown = Arrays.copyOf(now, needed);
            for (int i = now.length; i < needed; i++) {
                grown[i] = new Chunk(new byte[CHUNK], new long[CHUNK]);
            }
            chunks = grown;
        }
    }

    void set(int ordinal, byte kind, long payload) {
        Chunk chunk = chunks[ordinal >>> SHIFT];
        chunk.payloads()[ordinal & (CHUNK - 1)] = payload;
        chunk.kinds()[ordinal & (CHUNK - 1)] = kind;
    }

    /** Takes over the value that another column with the same dictionary has. */
    void copy(int ordinal, ValueColumn from, int fromOrdinal) {
        Chunk chunk = from.chunks[fromOrdinal >>> SHIFT];
        int at = fromOrdinal & (CHUNK - 1);
        set(ordinal, chunk.kinds()[at], chunk.payloads()[at]);
    }

    Chunk chunk(int index) {
        return chunks[index];
    }

    long bytes() {
        return (long) chunks.length * CHUNK * (Byte.BYTES + Long.BYTES) + dictionary.bytes();
    }

    /** What a value in a {@link ValueColumn} is, as a byte, with what its payload means. */
    static final class ValueKind {

        /** No value, or JSON null; no payload. */
        static final byte ABSENT = 0;
        /** Payload: number in the column's dictionary. */
        static final byte STRING = 1;
        /** Payload: the integer. */
        static final byte INT = 2;
        /** Payload: the bits of the double. */
        static final byte FLOAT = 3;
        /** Payload: 1 or 0. */
        static final byte BOOL = 4;
        /** Payload: microseconds since 1970. */
        static final byte TIMESTAMP = 5;
        /** A JSON array or object; no payload. */
        static final byte COMPOSITE = 6;
        /** A JSON array. Payload: number of its text in the column's dictionary. */
        static final byte ARRAY = 7;

        private ValueKind() {}
    }

    /** Numbers for the distinct strings of a column, from 0 on. Strings are never forgotten. Safe for many threads. */
    static final class StringDictionary {

        /** What one string costs beside its characters: itself, its entry in the map and its place in the array. */
        private static final int OVERHEAD = 120;

        private final ConcurrentHashMap<String, Integer> numbers = new ConcurrentHashMap<>();
        private volatile String[] strings = new String[0];
        private volatile int size;
        private volatile long bytes;

        /** The number of a string, a new one if it is new. */
        int intern(String string) {
            Integer known = numbers.get(string);
            return known != null ? known : add(string);
        }

        private synchronized int add(String string) {
            Integer known = numbers.get(string);
            if (known != null) {
                return known;
            }
            int number = size;
            if (number == strings.length) {
                strings = Arrays.copyOf(strings, Math.max(16, number * 2));
            }
            strings[number] = string;
            size = number + 1;
            bytes += OVERHEAD + 2L * string.length();
            numbers.put(string, number);
            return number;
        }

        /** The number of a string; -1 if it is unknown. */
        int find(String string) {
            Integer known = numbers.get(string);
            return known == null ? -1 : known;
        }

        /** The string of a number that was given out. */
        String string(int number) {
            return strings[number];
        }

        int size() {
            return size;
        }

        long bytes() {
            return bytes;
        }
    }
}
