package com.akidb.engine.embedded.index;

import java.util.Random;

/** Vectors that lie in clusters, as embeddings of texts do. */
final class Clusters {

    private static final double SPREAD = 0.6;

    private final Random random;
    private final float[][] centres;

    Clusters(long seed, int dimension, int count) {
        random = new Random(seed);
        centres = new float[count][];
        for (int i = 0; i < count; i++) {
            centres[i] = gaussian(dimension, 1);
        }
    }

    float[] next() {
        float[] centre = centres[random.nextInt(centres.length)];
        float[] vector = gaussian(centre.length, SPREAD);
        for (int i = 0; i < vector.length; i++) {
            vector[i] += centre[i];
        }
        return vector;
    }

    private float[] gaussian(int dimension, double scale) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (random.nextGaussian() * scale);
        }
        return vector;
    }
}
