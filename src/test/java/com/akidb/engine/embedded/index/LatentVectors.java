package com.akidb.engine.embedded.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Vectors like those of texts: of many dimensions, but spread over few of them in truth. Clusters in a space of few dimensions
 * are moved into the large one by a random linear map, and a little noise is added.
 */
final class LatentVectors {

    private static final int LATENT = 24;
    private static final int CLUSTERS = 300;
    private static final double SPREAD = 0.7;
    private static final double NOISE = 0.15;

    private final Random random;
    private final float[][] map;
    private final float[][] centres = new float[CLUSTERS][];

    LatentVectors(long seed, int dimension) {
        random = new Random(seed);
        map = new float[LATENT][];
        for (int i = 0; i < LATENT; i++) {
            map[i] = gaussian(dimension, 1);
        }
        for (int i = 0; i < CLUSTERS; i++) {
            centres[i] = gaussian(LATENT, 1);
        }
    }

    List<float[]> next(int count) {
        List<float[]> vectors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            vectors.add(next());
        }
        return vectors;
    }

    private float[] next() {
        float[] centre = centres[random.nextInt(CLUSTERS)];
        float[] latent = gaussian(LATENT, SPREAD);
        float[] vector = gaussian(map[0].length, NOISE);
        for (int i = 0; i < LATENT; i++) {
            float value = centre[i] + latent[i];
            for (int j = 0; j < vector.length; j++) {
                vector[j] += value * map[i][j];
            }
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
