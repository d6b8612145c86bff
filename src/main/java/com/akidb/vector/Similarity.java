package com.akidb.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Inner products and distances of float32 vectors of one length, with the widest SIMD of the machine. */
public final class Similarity {

    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

    private Similarity() {}

    public static float dot(float[] a, float[] b) {
        FloatVector sum = FloatVector.zero(LANES);
        int bound = LANES.loopBound(a.length);
        int i = 0;
        for (; i < bound; i += LANES.length()) {
            sum = FloatVector.fromArray(LANES, a, i).fma(FloatVector.fromArray(LANES, b, i), sum);
        }
        float dot = sum.reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }

    public static float squaredDistance(float[] a, float[] b) {
        FloatVector sum = FloatVector.zero(LANES);
        int bound = LANES.loopBound(a.length);
        int i = 0;
        for (; i < bound; i += LANES.length()) {
            FloatVector difference = FloatVector.fromArray(LANES, a, i).sub(FloatVector.fromArray(LANES, b, i));
            sum = difference.fma(difference, sum);
        }
        float distance = sum.reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            float difference = a[i] - b[i];
            distance += difference * difference;
        }
        return distance;
    }

    /** The cosine of the angle between the two; 0 if either is the zero vector. */
    public static float cosine(float[] a, float[] b) {
        double norms = Math.sqrt((double) dot(a, a)) * Math.sqrt((double) dot(b, b));
        return norms == 0 ? 0 : (float) (dot(a, b) / norms);
    }
}
