package com.akidb.engine.embedded.index.vectors;

import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.vector.Metric;
import com.akidb.vector.Vectors;

/**
 * Gives vectors under the inner product one further coordinate that brings all of them onto a sphere, on which the largest
 * inner product is the smallest distance (Bachrach and others, RecSys 2014); a query has 0 there. Vectors under other
 * metrics stay as they are.
 *
 * @param radius norm of the longest vector when the structure was built; longer ones that come later lie outside. 0 under
 *     other metrics
 */
public record Sphere(MetricScores scores, float radius) {

    /** The sphere that holds what is alive. */
    public static Sphere around(MetricScores scores, LiveBits live) {
        float longest = 0;
        if (scores.metric() == Metric.INNER_PRODUCT) {
            for (int ordinal = 0; ordinal < live.size(); ordinal++) {
                if (live.get(ordinal)) {
                    longest = Math.max(longest, norm(scores, ordinal));
                }
            }
        }
        return new Sphere(scores, longest);
    }

    /** The further coordinate of a vector. */
    public float coordinate(int ordinal) {
        if (radius == 0) {
            return 0;
        }
        double norm = norm(scores, ordinal);
        return (float) Math.sqrt(Math.max(0, (double) radius * radius - norm * norm));
    }

    /** What a query is to be multiplied with to lie on the sphere. */
    public float scale(float[] query) {
        double norm = Vectors.norm(query);
        return radius == 0 || norm == 0 ? 1 : (float) (radius / norm);
    }

    /** The norm of a vector; 0 if it is too short or too long to reckon with. */
    private static float norm(MetricScores scores, int ordinal) {
        float inverse = scores.store().inverseNorm(ordinal);
        return Float.isNaN(inverse) ? 0 : 1 / inverse;
    }
}
