package com.akidb.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Similarity} of a float32 vector with one that lies in off-heap memory, in the machine's byte order. */
public final class SegmentSimilarity {

    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(64, DOUBLES.vectorBitSize() / 2)));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private SegmentSimilarity() {}

    /**
     * The inner product.
     *
     * @param b holds {@code a.length} floats from {@code offset}, in bytes, on
     */
    public static float dot(float[] a, MemorySegment b, long offset) {
        FloatVector even = FloatVector.zero(LANES);
        FloatVector odd = FloatVector.zero(LANES);
        int width = LANES.length();
        int i = 0;
        for (; i <= a.length - 2 * width; i += 2 * width) {
            even = FloatVector.fromArray(LANES, a, i).fma(lanes(b, offset, i), even);
            odd = FloatVector.fromArray(LANES, a, i + width).fma(lanes(b, offset, i + width), odd);
        }
        for (; i <= a.length - width; i += width) {
            even = FloatVector.fromArray(LANES, a, i).fma(lanes(b, offset, i), even);
        }
        float dot = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            dot += a[i] * value(b, offset, i);
        }
        return dot;
    }

    /** The inner product summed in float64 and held within the finite floats; parameters as for {@link #dot}. */
    public static float finiteDot(float[] a, MemorySegment b, long offset) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * value(b, offset, i);
        }
        return (float) Math.clamp(dot, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    /** The square of the Euclidean distance; parameters as for {@link #dot}. */
    public static float squaredDistance(float[] a, MemorySegment b, long offset) {
        FloatVector sum = FloatVector.zero(LANES);
        int width = LANES.length();
        int i = 0;
        for (; i <= a.length - width; i += width) {
            FloatVector difference = FloatVector.fromArray(LANES, a, i).sub(lanes(b, offset, i));
            sum = difference.fma(difference, sum);
        }
        float distance = sum.reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            float difference = a[i] - value(b, offset, i);
            distance += difference * difference;
        }
        return distance;
    }

    /** The cosine of the angle between the two, summed in float64; parameters as for {@link #dot}. */
    public static float cosine(float[] a, MemorySegment b, long offset) {
        DoubleVector dots = DoubleVector.zero(DOUBLES);
        DoubleVector left = DoubleVector.zero(DOUBLES);
        DoubleVector right = DoubleVector.zero(DOUBLES);
        int width = DOUBLES.length();
        int i = 0;
        for (; i <= a.length - width; i += width) {
            DoubleVector x = widened(FloatVector.fromArray(HALF, a, i));
            DoubleVector y = widened(FloatVector.fromMemorySegment(HALF, b, offset + (long) i * Float.BYTES, ORDER));
            dots = x.fma(y, dots);
            left = x.fma(x, left);
            right = y.fma(y, right);
        }
        double dot = dots.reduceLanes(VectorOperators.ADD);
        double aa = left.reduceLanes(VectorOperators.ADD);
        double bb = right.reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            double x = a[i];
            double y = value(b, offset, i);
            dot += x * y;
            aa += x * x;
            bb += y * y;
        }
        double norms = Math.sqrt(aa * bb);
        return norms == 0 ? 0 : (float) (dot / norms);
    }

    private static DoubleVector widened(FloatVector half) {
        return (DoubleVector) half.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    private static FloatVector lanes(MemorySegment b, long offset, int i) {
        return FloatVector.fromMemorySegment(LANES, b, offset + (long) i * Float.BYTES, ORDER);
    }

    private static float value(MemorySegment b, long offset, int i) {
        return b.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset + (long) i * Float.BYTES);
    }
}
