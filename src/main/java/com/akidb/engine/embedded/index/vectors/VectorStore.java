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
    private static final float COSINE_ROUGHNESS = 1e-5f;

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
        putStored(ordinal, stored(vector));
    }

    /** As {@link #put} with a vector in the form in which it is stored. */
    public void putStored(int ordinal, float[] vector) {
        reserve(ordinal + 1);
        MemorySegment.copy(vector, 0, chunk(ordinal), ValueLayout.JAVA_FLOAT, offset(ordinal), dimension);
    }

    /** The form in which a vector is stored: of norm 1 under cosine. */
    public float[] stored(float[] vector) {
        return metric == Metric.COSINE ? Vectors.normalize(vector.clone()) : vector;
    }

    /** Copies a stored vector. */
    public void read(int ordinal, float[] into) {
        MemorySegment.copy(chunk(ordinal), ValueLayout.JAVA_FLOAT, offset(ordinal), into, 0, dimension);
    }

    /** Copies the query into the form that {@link #score} takes: of norm 1 under cosine. */
    public float[] prepare(float[] query, float[] into) {
        System.arraycopy(query, 0, into, 0, dimension);
        return metric == Metric.COSINE ? Vectors.normalize(into) : into;
    }

    /** The score of a stored vector against a prepared query, in float32 sums. */
    public float score(float[] query, int ordinal) {
        MemorySegment chunk = chunk(ordinal);
        long offset = offset(ordinal);
        return switch (metric) {
            case COSINE -> SegmentSimilarity.dot(query, chunk, offset);
            case INNER_PRODUCT -> {
                float dot = SegmentSimilarity.dot(query, chunk, offset);
                yield Float.isFinite(dot) ? dot : SegmentSimilarity.finiteDot(query, chunk, offset);
            }
            case EUCLIDEAN -> Metric.euclideanScore(SegmentSimilarity.squaredDistance(query, chunk, offset));
        };
    }

    /** How far {@link #score} may be from {@link #preciseScore}. */
    public float roughness() {
        return metric == Metric.COSINE ? COSINE_ROUGHNESS : 0;
    }

    /**
     * The score as users see it. Under cosine it is computed in float64, so that a vector has exactly 1 with itself.
     *
     * @param rough what {@link #score} says
     */
    public float preciseScore(float[] query, int ordinal, float rough) {
        return switch (metric) {
            case COSINE -> SegmentSimilarity.cosine(query, chunk(ordinal), offset(ordinal));
            case EUCLIDEAN, INNER_PRODUCT -> rough;
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
