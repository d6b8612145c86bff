package com.akidb.engine.embedded.index.flat;

import java.util.SplittableRandom;

/**
 * A random rotation of space that costs d log d: random signs and Hadamard transforms over the first and the last power
 * of two of the dimensions, twice. It spreads what a vector holds over all dimensions, so that the signs of the result
 * say about equally much of it whatever the vector looked like.
 */
final class FastRotation {

    private static final long SEED = 0x5EED_AB1DL;
    private static final int ROUNDS = 4;

    private final int dimension;
    private final int window;
    private final float scale;
    private final float[][] signs;

    /** The rotation of that dimension; always the same one. */
    FastRotation(int dimension) {
        this.dimension = dimension;
        this.window = Integer.highestOneBit(dimension);
        this.scale = (float) (1 / Math.sqrt(window));
        SplittableRandom random = new SplittableRandom(SEED + dimension);
        this.signs = new float[ROUNDS][window];
        for (float[] round : signs) {
            for (int i = 0; i < window; i++) {
                round[i] = random.nextBoolean() ? scale : -scale;
            }
        }
    }

    /** Rotates the first {@code dimension} elements in place. */
    void apply(float[] vector) {
        for (int round = 0; round < ROUNDS; round++) {
            int from = (round & 1) == 0 ? 0 : dimension - window;
            float[] sign = signs[round];
            for (int i = 0; i < window; i++) {
                vector[from + i] *= sign[i];
            }
            hadamard(vector, from);
        }
    }

    private void hadamard(float[] vector, int from) {
        int half = 1;
        for (; half < 4 && half < window; half <<= 1) {
            butterflies(vector, from, half);
        }
        for (; half < window; half <<= 1) {
            for (int start = from; start < from + window; start += 2 * half) {
                cross(vector, start, start + half, half);
            }
        }
    }

    private void butterflies(float[] vector, int from, int half) {
        for (int start = from; start < from + window; start += 2 * half) {
            for (int i = start; i < start + half; i++) {
                float low = vector[i];
                float high = vector[i + half];
                vector[i] = low + high;
                vector[i + half] = low - high;
            }
        }
    }

    private static void cross(float[] vector, int low, int high, int length) {
        for (int i = 0; i < length; i++) {
            float a = vector[low + i];
            float b = vector[high + i];
            vector[low + i] = a + b;
            vector[high + i] = a - b;
        }
    }
}
