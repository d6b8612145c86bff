package com.akidb.embedding.onnx;

import com.akidb.model.Pooling;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Pools the states of a text's tokens into one vector, reading native memory with SIMD. */
final class TokenPooling {

    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private TokenPooling() {}

    /**
     * Pools each row.
     *
     * @param states {@code [rows][length][hidden]}, in native memory
     * @param rows the token ids; what is beyond a row's own length is padding and never counts
     * @return one vector per row
     */
    static float[][] pool(FloatBuffer states, List<int[]> rows, int length, int hidden, Pooling pooling) {
        MemorySegment memory = MemorySegment.ofBuffer(states);
        float[][] vectors = new float[rows.size()][];
        for (int row = 0; row < vectors.length; row++) {
            int tokens = rows.get(row).length;
            long start = (long) row * length * hidden;
            vectors[row] = switch (pooling) {
                case MEAN -> mean(memory, start, tokens, hidden);
                case CLS -> state(memory, start, hidden);
                case LAST -> state(memory, start + (long) (tokens - 1) * hidden, hidden);
            };
        }
        return vectors;
    }

    private static float[] state(MemorySegment memory, long start, int hidden) {
        float[] vector = new float[hidden];
        MemorySegment.copy(memory, start * Float.BYTES, MemorySegment.ofArray(vector), 0, (long) hidden * Float.BYTES);
        return vector;
    }

    private static float[] mean(MemorySegment memory, long start, int tokens, int hidden) {
        float[] vector = new float[hidden];
        float share = 1f / tokens;
        int bound = LANES.loopBound(hidden);
        for (int i = 0; i < bound; i += LANES.length()) {
            FloatVector sum = FloatVector.zero(LANES);
            for (int token = 0; token < tokens; token++) {
                sum = sum.add(FloatVector.fromMemorySegment(LANES, memory, offset(start, token, hidden, i), ORDER));
            }
            sum.mul(share).intoArray(vector, i);
        }
        for (int i = bound; i < hidden; i++) {
            float sum = 0;
            for (int token = 0; token < tokens; token++) {
                sum += memory.get(java.lang.foreign.ValueLayout.JAVA_FLOAT, offset(start, token, hidden, i));
            }
            vector[i] = sum * share;
        }
        return vector;
    }

    private static long offset(long start, int token, int hidden, int i) {
        return (start + (long) token * hidden + i) * Float.BYTES;
    }
}
