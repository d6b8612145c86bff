package com.akidb.embedding.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;

/**
 * Native memory for one call at a time: inputs as {@code int64[rows][length]}, output as {@code
 * float32[rows][length][hidden]}. The model reads and writes it in place.
 */
final class OnnxBuffers {

    private final int hidden;
    private int capacity;
    private LongBuffer ids = LongBuffer.allocate(0);
    private LongBuffer mask = LongBuffer.allocate(0);
    private LongBuffer types = LongBuffer.allocate(0);
    private FloatBuffer states = FloatBuffer.allocate(0);

    OnnxBuffers(int hidden, int tokens) {
        this.hidden = hidden;
        grow(tokens);
    }

    /** Writes the rows, padded with zeros to the length of the longest. */
    void fill(List<int[]> rows, int length) {
        int tokens = rows.size() * length;
        if (tokens > capacity) {
            grow(tokens);
        }
        ids.clear().limit(tokens);
        mask.clear().limit(tokens);
        types.clear().limit(tokens);
        states.clear().limit(tokens * hidden);
        int at = 0;
        for (int[] row : rows) {
            for (int i = 0; i < length; i++, at++) {
                boolean real = i < row.length;
                ids.put(at, real ? row[i] : 0);
                mask.put(at, real ? 1 : 0);
            }
        }
    }

    private void grow(int tokens) {
        capacity = tokens;
        ids = direct(tokens * Long.BYTES).asLongBuffer();
        mask = direct(tokens * Long.BYTES).asLongBuffer();
        types = direct(tokens * Long.BYTES).asLongBuffer();
        states = direct(Math.multiplyExact(tokens * hidden, Float.BYTES)).asFloatBuffer();
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    LongBuffer ids() {
        return ids;
    }

    LongBuffer mask() {
        return mask;
    }

    /** Always zero: one segment. */
    LongBuffer types() {
        return types;
    }

    FloatBuffer states() {
        return states;
    }
}
