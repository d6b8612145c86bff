package com.akidb.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The stored form of a vector: float32 values, little-endian, one after the other. */
public final class VectorCodec {

    private VectorCodec() {}

    public static byte[] encode(float[] vector) {
        byte[] bytes = new byte[vector.length * Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
        return bytes;
    }

    public static float[] decode(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    /** The vector of IEEE 754 half-precision numbers, little-endian; null if the bytes are an odd number. */
    public static float @Nullable [] decodeFloat16(byte[] bytes) {
        if (bytes.length % Short.BYTES != 0) {
            return null;
        }
        ByteBuffer halves = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        float[] vector = new float[bytes.length / Short.BYTES];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.float16ToFloat(halves.getShort(i * Short.BYTES));
        }
        return vector;
    }

    /** The position of the first value that is NaN or infinite; -1 if there is none. */
    public static int firstNotFinite(float[] vector) {
        int any = 0;
        for (float value : vector) {
            // Carries into the sign if all bits of the exponent are set.
            any |= (Float.floatToRawIntBits(value) & Integer.MAX_VALUE) + 0x0080_0000;
        }
        for (int i = 0; any < 0 && i < vector.length; i++) {
            if (!Float.isFinite(vector[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The stored form as base64, as the OpenAI dialect's {@code encoding_format: base64} has it. */
    public static String encodeBase64(float[] vector) {
        return Base64.getEncoder().encodeToString(encode(vector));
    }

    /**
     * A vector as one byte for each value: the scale as a little-endian float32, then the codes. A value is about scale times
     * code; the scale is the largest absolute value by 127, rounded to float32, and a code {@code floor(value / scale + 0.5)} in
     * doubles. The scale and the codes of zeros are 0.
     */
    public static byte[] encodeInt8(float[] vector) {
        float largest = 0;
        for (float value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        float scale = (float) (largest / 127.0);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES + vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(scale);
        for (float value : vector) {
            double code = scale == 0 ? 0 : Math.floor((double) value / scale + 0.5);
            bytes.put((byte) Math.clamp(code, -127, 127));
        }
        return bytes.array();
    }
}
