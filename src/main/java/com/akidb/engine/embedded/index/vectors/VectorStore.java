package com.akidb.engine.embedded.index.vectors;

import com.akidb.vector.Metric;
import com.akidb.vector.SegmentSimilarity;
import com.akidb.vector.Vectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Vectors by ordinal, float32 in off-heap memory that grows by chunks. Under cosine a vector is stored divided by its
 * norm. One thread stores; any thread may read what was published to it.
 */
public final class VectorStore {

    private static final long CHUNK_BYTES = 1 << 18;
    private static final int MIN_CHUNK_ROWS = 16;
    private static final long ALIGNMENT = 64;

    private final Arena arena;
    private final int dimension;
    private final Metric metric;
    private final long stride;
    private final int shift;
    private MemorySegment[] chunks = new MemorySegment[0];

    /** Takes its memory from the arena, whose owner gives it back. */
    public VectorStore(Arena arena, int dimension, Metric metric) {
        this.arena = arena;
        this.dimension = dimension;
        this.metric = metric;
        this.stride = (long) dimension * Float.BYTES;
        long rows = Math.max(MIN_CHUNK_ROWS, CHUNK_BYTES / stride);
        this.shift = 63 - Long.numberOfLeadingZeros(rows);
    }

    public int dimension() {
        return dimension;
    }

    public Metric metric() {
        return metric;
    }

    /** Makes room for ordinals below that number, so that storing their vectors cannot fail. */
    public void reserve(int ordinals) {
        int needed = (int) ((ordinals + (1L << shift) - 1) >>> shift);
        if (needed > chunks.length) {
            MemorySegment[] grown = Arrays.copyOf(chunks, needed);
            for (int i = chunks.length; i < needed; i++) {
                grown[i] = arena.allocate(stride << shift, ALIGNMENT);
            }
            chunks = grown;
        }
    }

    /** Stores the vector of an ordinal that has none and that no search has seen. */
    public void put(int ordinal, float[] vector) {
        reserve(ordinal + 1);
        float[] stored = metric == Metric.COSINE ? Vectors.normalize(vector.clone()) : vector;
        MemorySegment.copy(stored, 0, chunk(ordinal), ValueLayout.JAVA_FLOAT, offset(ordinal), dimension);
    }

    /** Copies a stored vector. */
    public void read(int ordinal, float[] into) {
        MemorySegment.copy(chunk(ordinal), ValueLayout.JAVA_FLOAT, offset(ordinal), into, 0, dimension);
    }

    /** The query in the form that {@link #score} takes: of norm 1 under cosine. */
    public float[] prepare(float[] query) {
        return metric == Metric.COSINE ? Vectors.normalize(query.clone()) : query;
    }

    /** The score of a stored vector against a prepared query, in float32 sums. */
    public float score(float[] query, int ordinal) {
        MemorySegment chunk = chunk(ordinal);
        long offset = offset(ordinal);
        return switch (metric) {
            case COSINE, INNER_PRODUCT -> SegmentSimilarity.dot(query, chunk, offset);
            case EUCLIDEAN -> Metric.euclideanScore(SegmentSimilarity.squaredDistance(query, chunk, offset));
        };
    }

    public long bytes() {
        return chunks.length * (stride << shift);
    }

    private MemorySegment chunk(int ordinal) {
        return chunks[ordinal >>> shift];
    }

    private long offset(int ordinal) {
        return (ordinal & ((1L << shift) - 1)) * stride;
    }
}
