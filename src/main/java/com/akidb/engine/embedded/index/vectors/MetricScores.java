package com.akidb.engine.embedded.index.vectors;

import com.akidb.vector.Metric;
import com.akidb.vector.SegmentSimilarity;
import com.akidb.vector.Vectors;
import java.lang.foreign.MemorySegment;

/** Compares queries with the vectors of a store by one metric; the store itself knows none. */
public record MetricScores(VectorStore store, Metric metric) {

    private static final float COSINE_ROUGHNESS = 1e-5f;

    public int dimension() {
        return store.dimension();
    }

    /** The form in which the metric looks at a vector: of norm 1 under cosine. Changes the array. */
    public float[] normal(float[] vector) {
        return metric == Metric.COSINE ? Vectors.normalize(vector) : vector;
    }

    /** Copies a stored vector in its {@link #normal} form. */
    public void read(int ordinal, float[] into) {
        store.read(ordinal, into);
        normal(into);
    }

    /** Copies the query into the form that {@link #score} takes: of norm 1 under cosine. */
    public float[] prepare(float[] query, float[] into) {
        System.arraycopy(query, 0, into, 0, store.dimension());
        return normal(into);
    }

    /** The score of a stored vector against a prepared query, in float32 sums. */
    public float score(float[] query, int ordinal) {
        MemorySegment segment = store.segment(ordinal);
        long offset = store.offset(ordinal);
        return switch (metric) {
            case COSINE -> {
                float cosine = SegmentSimilarity.dot(query, segment, offset) * store.inverseNorm(ordinal);
                yield Float.isFinite(cosine) ? cosine : SegmentSimilarity.cosine(query, segment, offset);
            }
            case INNER_PRODUCT -> {
                float dot = SegmentSimilarity.dot(query, segment, offset);
                yield Float.isFinite(dot) ? dot : SegmentSimilarity.finiteDot(query, segment, offset);
            }
            case EUCLIDEAN -> Metric.euclideanScore(SegmentSimilarity.squaredDistance(query, segment, offset));
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
            case COSINE -> SegmentSimilarity.cosine(query, store.segment(ordinal), store.offset(ordinal));
            case EUCLIDEAN, INNER_PRODUCT -> rough;
        };
    }
}
