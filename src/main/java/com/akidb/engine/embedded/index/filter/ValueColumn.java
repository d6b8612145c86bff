package com.akidb.engine.embedded.index.filter;

import java.util.Arrays;

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
}
