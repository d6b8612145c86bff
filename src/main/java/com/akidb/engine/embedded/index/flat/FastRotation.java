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
        if (window >= 4) {
            fours(vector, from);
            half = 4;
        } else if (window == 2) {
            cross(vector, from, from + 1, 1);
            half = 2;
        }
        for (; half < window; half <<= 1) {
            for (int start = from; start < from + window; start += 2 * half) {
                cross(vector, start, start + half, half);
            }
        }
    }

    /** The first two steps at once, whose runs are too short for the compiler to make vectors of. */
    private void fours(float[] vector, int from) {
        for (int i = from; i < from + window; i += 4) {
            float a = vector[i] + vector[i + 1];
            float b = vector[i] - vector[i + 1];
            float c = vector[i + 2] + vector[i + 3];
            float d = vector[i + 2] - vector[i + 3];
            vector[i] = a + c;
            vector[i + 1] = b + d;
            vector[i + 2] = a - c;
            vector[i + 3] = b - d;
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
