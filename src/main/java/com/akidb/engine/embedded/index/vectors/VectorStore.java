package com.akidb.engine.embedded.index.vectors;

import com.akidb.vector.Vectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Vectors by ordinal as they came, float32 in off-heap memory, and beside each the inverse of its norm. Memory is taken by
 * chunks, and only for those that have a vector. One thread stores; any thread may read what was published to it.
 */
public final class VectorStore {

    private static final long CHUNK_BYTES = 1 << 18;
    private static final int MIN_CHUNK_ROWS = 16;
    private static final long ALIGNMENT = 64;
    private static final double LEAST_NORM = 1e-15;
    private static final double MOST_NORM = 1e15;

    private final Arena arena;
    private final int dimension;
    private final long stride;
    private final int shift;
    private MemorySegment[] chunks = new MemorySegment[0];
    private long bytes;

    /** Takes its memory from the arena, whose owner gives it back. */
    public VectorStore(Arena arena, int dimension) {
        this.arena = arena;
        this.dimension = dimension;
        this.stride = (long) dimension * Float.BYTES;
        long rows = Math.max(MIN_CHUNK_ROWS, CHUNK_BYTES / stride);
        this.shift = 63 - Long.numberOfLeadingZeros(rows);
    }

    public int dimension() {
        return dimension;
    }

    /** Makes room for a range of ordinals, so that storing their vectors cannot fail. */
    public void reserve(int from, int until) {
        int needed = (int) ((until + (1L << shift) - 1) >>> shift);
        MemorySegment[] grown = needed > chunks.length ? Arrays.copyOf(chunks, needed) : chunks;
        for (int i = from >>> shift; i < needed; i++) {
            if (grown[i] == null) {
                grown = grown == chunks ? chunks.clone() : grown;
                grown[i] = arena.allocate(chunkBytes(), ALIGNMENT);
                bytes += chunkBytes();
            }
        }
        chunks = grown;
    }

    /** Stores the vector of an ordinal that has none and that no search has seen with one. */
    public void put(int ordinal, float[] vector) {
        int at = ordinal >>> shift;
        if (at >= chunks.length || chunks[at] == null) {
            reserve(ordinal, ordinal + 1);
        }
        MemorySegment chunk = chunks[at];
        MemorySegment.copy(vector, 0, chunk, ValueLayout.JAVA_FLOAT, offset(ordinal), dimension);
        chunk.set(ValueLayout.JAVA_FLOAT, normOffset(ordinal), inverseNorm(vector));
    }

    private static float inverseNorm(float[] vector) {
        double norm = Vectors.norm(vector);
        return norm >= LEAST_NORM && norm <= MOST_NORM ? (float) (1 / norm) : Float.NaN;
    }

    /** Copies a vector. */
    public void read(int ordinal, float[] into) {
        MemorySegment.copy(segment(ordinal), ValueLayout.JAVA_FLOAT, offset(ordinal), into, 0, dimension);
    }

    /** One divided by the norm of a vector; NaN if float32 cannot say it well, for one without direction too. */
    public float inverseNorm(int ordinal) {
        return segment(ordinal).get(ValueLayout.JAVA_FLOAT, normOffset(ordinal));
    }

    /** The memory that holds a vector, from {@link #offset} on. */
    MemorySegment segment(int ordinal) {
        return chunks[ordinal >>> shift];
    }

    /** Where a vector begins in its {@link #segment}, in bytes. */
    long offset(int ordinal) {
        return (ordinal & ((1L << shift) - 1)) * stride;
    }

    private long normOffset(int ordinal) {
        return (stride << shift) + (ordinal & ((1L << shift) - 1)) * Float.BYTES;
    }

    private long chunkBytes() {
        return (stride + Float.BYTES) << shift;
    }

    public long bytes() {
        return bytes;
    }
}
