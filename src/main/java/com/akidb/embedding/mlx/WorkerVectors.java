package com.akidb.embedding.mlx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Vectors as a worker gives them: 32-bit floats in the order of this machine's bytes, one vector after the other. */
final class WorkerVectors {

    private WorkerVectors() {}

    /**
     * Reads vectors.
     *
     * @throws IllegalStateException if they are not as many or not as long as they must be
     */
    static float[][] read(byte[] bytes, int rows, int dimension) {
        requireDimension(bytes, rows, dimension);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        float[][] vectors = new float[rows][dimension];
        for (int row = 0; row < rows; row++) {
            buffer.asFloatBuffer().get(row * dimension, vectors[row]);
        }
        return vectors;
    }

    /**
     * Checks their length.
     *
     * @throws IllegalStateException with the length that was found and the one that was expected
     */
    static void requireDimension(byte[] bytes, int rows, int dimension) {
        if (bytes.length % (rows * Float.BYTES) != 0) {
            throw new IllegalStateException("the model gave " + bytes.length + " bytes for " + rows + " vectors");
        }
        int found = bytes.length / rows / Float.BYTES;
        if (found != dimension) {
            throw new IllegalStateException("the model gives vectors of dimension " + found
                    + ", and is registered with dimension " + dimension);
        }
    }
}
