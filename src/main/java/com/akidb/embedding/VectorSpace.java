package com.akidb.embedding;

import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.model.Pooling;
import com.akidb.vector.Vectors;
import java.util.Arrays;

/**
 * Everything but the text that decides about a vector.
 *
 * @param fingerprint of the model's files
 * @param pooling how the states of the tokens become one vector
 * @param normalize whether vectors are scaled to L2 norm 1
 * @param dimension length to which vectors are cut
 * @param prompt put before each text
 */
record VectorSpace(String fingerprint, Pooling pooling, boolean normalize, int dimension, String prompt) {

    /** Cuts and scales what came from the model. May change its argument. */
    float[] shape(float[] pooled) {
        float[] vector = dimension == pooled.length ? pooled : Arrays.copyOf(pooled, dimension);
        if (!Double.isFinite(Vectors.norm(vector))) {
            throw new InternalException(
                    ErrorCode.EMBEDDING_FAILED,
                    "Embedding failed: the model gave a vector that is not finite",
                    new ArithmeticException("NaN or infinity"));
        }
        return normalize ? Vectors.normalize(vector) : vector;
    }
}
