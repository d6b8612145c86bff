package com.akidb.vector;

import java.util.Arrays;
import java.util.List;

/**
 * The plane in which vectors differ most: their mean and the two directions of their greatest variance (principal component
 * analysis), found by orthogonal iteration. The same vectors always give the same plane.
 *
 * @param mean of the vectors
 * @param first direction of the greatest variance, of length 1; zeros if the vectors do not differ
 * @param second direction of the next greatest, of length 1 and at right angles to the first; zeros if there is none
 * @param explained the shares of all variance that lie in the two directions, 0 to 1
 */
public record PrincipalComponents(float[] mean, float[] first, float[] second, double[] explained) {

    /** Directions are settled after a few steps; a map needs no more digits than a screen has. */
    private static final int STEPS = 25;

    /** @param vectors one or more, all of one length */
    public static PrincipalComponents of(List<float[]> vectors) {
        int length = vectors.getFirst().length;
        float[] mean = mean(vectors, length);
        float[] first = start(length, 0);
        float[] second = start(length, 1);
        double[] variance = new double[2];
        for (int step = 0; step < STEPS; step++) {
            float[] nextFirst = new float[length];
            float[] nextSecond = new float[length];
            float meanFirst = Similarity.dot(mean, first);
            float meanSecond = Similarity.dot(mean, second);
            float sumFirst = 0;
            float sumSecond = 0;
            for (float[] vector : vectors) {
                float alongFirst = Similarity.dot(vector, first) - meanFirst;
                float alongSecond = Similarity.dot(vector, second) - meanSecond;
                add(nextFirst, vector, alongFirst);
                add(nextSecond, vector, alongSecond);
                sumFirst += alongFirst;
                sumSecond += alongSecond;
            }
            add(nextFirst, mean, -sumFirst);
            add(nextSecond, mean, -sumSecond);
            variance[0] = normalize(nextFirst);
            add(nextSecond, nextFirst, -Similarity.dot(nextSecond, nextFirst));
            variance[1] = normalize(nextSecond);
            first = nextFirst;
            second = nextSecond;
        }
        double total = 0;
        for (float[] vector : vectors) {
            total += Similarity.squaredDistance(vector, mean);
        }
        double[] explained = {share(variance[0], total), share(variance[1], total)};
        return new PrincipalComponents(mean, upright(first), upright(second), explained);
    }

    /** Where a vector lies along the first direction. */
    public float x(float[] vector) {
        return Similarity.dot(vector, first) - Similarity.dot(mean, first);
    }

    /** Where a vector lies along the second direction. */
    public float y(float[] vector) {
        return Similarity.dot(vector, second) - Similarity.dot(mean, second);
    }

    private static float[] mean(List<float[]> vectors, int length) {
        float[] mean = new float[length];
        for (float[] vector : vectors) {
            add(mean, vector, 1f / vectors.size());
        }
        return mean;
    }

    /** Any directions will do that are at right angles to nothing in particular. */
    private static float[] start(int length, int which) {
        float[] direction = new float[length];
        for (int i = 0; i < length; i++) {
            direction[i] = (float) Math.sin(1.7 + (i + 1) * (0.73 + which));
        }
        return direction;
    }

    private static void add(float[] sum, float[] vector, float factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * vector[i];
        }
    }

    /** Gives a direction the length 1, and returns the length that it had. */
    private static double normalize(float[] direction) {
        double length = Math.sqrt(Similarity.dot(direction, direction));
        if (length > 1e-12) {
            for (int i = 0; i < direction.length; i++) {
                direction[i] = (float) (direction[i] / length);
            }
        } else {
            Arrays.fill(direction, 0);
            return 0;
        }
        return length;
    }

    private static double share(double variance, double total) {
        return total > 0 ? Math.min(1, variance / total) : 0;
    }

    /** A direction and its opposite say the same: the one is taken whose greatest number is positive. */
    private static float[] upright(float[] direction) {
        float greatest = 0;
        for (float each : direction) {
            greatest = Math.abs(each) > Math.abs(greatest) ? each : greatest;
        }
        if (greatest < 0) {
            for (int i = 0; i < direction.length; i++) {
                direction[i] = -direction[i];
            }
        }
        return direction;
    }
}
