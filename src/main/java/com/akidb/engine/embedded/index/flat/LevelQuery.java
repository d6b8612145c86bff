package com.akidb.engine.embedded.index.flat;

/**
 * A query in the form that is compared with {@link LevelCodes}: its rotated difference from the centre, each element rounded to
 * one of 15 levels, split into four bit planes (1, 2, 4 and -8). Used again for the next query; for one thread at a time.
 */
final class LevelQuery {

    static final int PLANES = 4;
    private static final int MOST_LEVEL = 7;
    private static final float LARGEST = 1e15f;

    private float[] rotated = new float[0];
    private int[] planes = new int[0];
    private float slope;
    private float offset;

    /** Four ints per 32 dimensions: the planes' bits. */
    int[] planes() {
        return planes;
    }

    /** What the inner product of codes and levels is multiplied with. */
    float slope() {
        return slope;
    }

    /** What is added then; the result estimates the inner product of the levels with the rotated difference. */
    float offset() {
        return offset;
    }

    /** Takes in a query that is prepared for the metric; false if its values are too large for that. */
    boolean set(float[] query, float[] centre, FastRotation rotation) {
        int dimension = query.length;
        int words = (dimension + Integer.SIZE - 1) / Integer.SIZE;
        if (rotated.length != dimension) {
            rotated = new float[dimension];
            planes = new int[words * PLANES];
        }
        for (int i = 0; i < dimension; i++) {
            rotated[i] = query[i] - centre[i];
        }
        rotation.apply(rotated);
        float most = 0;
        for (int i = 0; i < dimension; i++) {
            most = Math.max(most, Math.abs(rotated[i])); // NaN stays NaN
        }
        if (!(most < LARGEST)) {
            return false;
        }
        float step = most > 0 ? most / MOST_LEVEL : 1;
        int sum = 0;
        for (int word = 0; word < words; word++) {
            sum += packWord(word, step, dimension);
        }
        slope = step;
        offset = -step * LevelCodes.CODE_CENTRE * sum;
        return true;
    }

    private int packWord(int word, float step, int dimension) {
        int sum = 0;
        int one = 0;
        int two = 0;
        int four = 0;
        int eight = 0;
        int from = word * Integer.SIZE;
        int until = Math.min(dimension, from + Integer.SIZE);
        for (int i = from; i < until; i++) {
            int level = Math.round(rotated[i] / step);
            int bit = i - from;
            one |= (level & 1) << bit;
            two |= ((level >> 1) & 1) << bit;
            four |= ((level >> 2) & 1) << bit;
            eight |= (level >>> 31) << bit;
            sum += level;
        }
        int at = word * PLANES;
        planes[at] = one;
        planes[at + 1] = two;
        planes[at + 2] = four;
        planes[at + 3] = eight;
        return sum;
    }
}
