package com.akidb.engine.embedded.index.lists;

import com.akidb.engine.embedded.index.vectors.BestHits;
import com.akidb.vector.Similarity;

/**
 * The centres of clusters. A point is a vector and one further coordinate ({@code Sphere}); the nearest centre is the one
 * with the largest {@code <x, c> - |c|^2 / 2}.
 *
 * @param vectors one for each cluster
 * @param further the further coordinate of each
 * @param halfSquares half the square of the norm of each, further coordinate included
 */
@SuppressWarnings("ArrayRecordComponent")
record Centres(float[][] vectors, float[] further, float[] halfSquares) {

    static Centres of(float[][] vectors, float[] further) {
        float[] halfSquares = new float[vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            halfSquares[i] = (Similarity.dot(vectors[i], vectors[i]) + further[i] * further[i]) / 2;
        }
        return new Centres(vectors, further, halfSquares);
    }

    int count() {
        return vectors.length;
    }

    /** The centre that is nearest to a point. */
    int nearest(float[] vector, float coordinate) {
        int nearest = 0;
        float best = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < vectors.length; i++) {
            float nearness = nearness(i, vector, coordinate);
            if (nearness > best) {
                best = nearness;
                nearest = i;
            }
        }
        return nearest;
    }

    /** The nearest centres to a query, nearest first. */
    long[] nearest(float[] query, float scale, int wanted) {
        BestHits best = new BestHits();
        best.reset(Math.clamp(wanted, 1, vectors.length));
        for (int i = 0; i < vectors.length; i++) {
            float nearness = scale * Similarity.dot(query, vectors[i]) - halfSquares[i];
            best.offer(Float.isNaN(nearness) ? Float.NEGATIVE_INFINITY : nearness, i);
        }
        long[] nearest = new long[best.size()];
        best.drain(nearest, new float[nearest.length]);
        return nearest;
    }

    private float nearness(int centre, float[] vector, float coordinate) {
        return Similarity.dot(vector, vectors[centre]) + coordinate * further[centre] - halfSquares[centre];
    }

    long bytes() {
        return vectors.length * (vectors[0].length + 2L) * Float.BYTES;
    }
}
