package com.akidb.vector;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How two vectors are compared. A score is always "higher is better":
 *
 * <ul>
 *   <li>{@code cosine}: the cosine of the angle, -1 to 1;
 *   <li>{@code euclidean}: 1 / (1 + distance), above 0 to 1;
 *   <li>{@code inner_product}: the inner product as it is.
 * </ul>
 */
public enum Metric {
    COSINE,
    EUCLIDEAN,
    INNER_PRODUCT;

    /** The name on the wire, such as {@code inner_product}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name from the wire.
     *
     * @param field the request field to blame
     * @throws InvalidInputException if there is no such metric
     */
    public static Metric parse(String name, String field) {
        for (Metric metric : values()) {
            if (metric.wireName().equals(name)) {
                return metric;
            }
        }
        String known = Arrays.stream(values()).map(Metric::wireName).collect(Collectors.joining(", "));
        throw new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT, "Unknown metric '" + name + "'; known are " + known, field);
    }

    /** Compares two vectors of one length in full precision. */
    public float score(float[] a, float[] b) {
        return switch (this) {
            case COSINE -> Similarity.cosine(a, b);
            case EUCLIDEAN -> euclideanScore(Similarity.squaredDistance(a, b));
            case INNER_PRODUCT -> Similarity.dot(a, b);
        };
    }

    /** The score under {@code euclidean} that belongs to the square of a distance. */
    public static float euclideanScore(float squaredDistance) {
        return 1 / (1 + (float) Math.sqrt(squaredDistance));
    }
}
