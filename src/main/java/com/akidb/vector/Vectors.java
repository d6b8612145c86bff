package com.akidb.vector;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;

/** Norms of float32 vectors, and the checks on those that users send. */
public final class Vectors {

    private Vectors() {}

    /** The L2 norm, summed in double precision. */
    public static double norm(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** Divides by the L2 norm, in place; the zero vector stays as it is. */
    public static float[] normalize(float[] vector) {
        double norm = norm(vector);
        if (norm > 0) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) (vector[i] / norm);
            }
        }
        return vector;
    }

    /**
     * Refuses a vector of the wrong length, with NaN or infinities, or, where the metric needs a direction, without one.
     *
     * @param field the request field to blame
     */
    public static void requireUsable(float[] vector, int dimension, Metric metric, String field) {
        requireDimension(vector.length, dimension, field);
        boolean zero = true;
        for (int i = 0; i < vector.length; i++) {
            if (!Float.isFinite(vector[i])) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE, "Vector values must be finite float32 numbers", field + "[" + i + "]");
            }
            zero &= vector[i] == 0;
        }
        if (zero && metric == Metric.COSINE) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "The zero vector has no direction, which cosine needs", field);
        }
    }

    /** Refuses a vector of the wrong length. */
    public static void requireDimension(int length, int dimension, String field) {
        if (length != dimension) {
            throw new InvalidInputException(
                    ErrorCode.DIMENSION_MISMATCH,
                    "Vector dimension mismatch: got " + length + ", expected " + dimension,
                    field);
        }
    }
}
