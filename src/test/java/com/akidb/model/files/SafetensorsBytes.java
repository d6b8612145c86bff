package com.akidb.model.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Safetensors files with tensors of zeros. */
public final class SafetensorsBytes {

    private SafetensorsBytes() {}

    /** A file with tensors of so many bytes each. */
    public static byte[] of(int bytesEach, String... tensors) {
        byte[] header = header(bytesEach, tensors);
        return ByteBuffer.allocate(Long.BYTES + header.length + bytesEach * tensors.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    /** The header of a file with tensors of so many bytes each, without its length. */
    public static byte[] header(long bytesEach, String... tensors) {
        List<String> entries = new ArrayList<>(List.of("\"__metadata__\":{\"format\":\"mlx\"}"));
        for (int i = 0; i < tensors.length; i++) {
            entries.add("\"" + tensors[i] + "\":{\"dtype\":\"U8\",\"shape\":[" + bytesEach + "],\"data_offsets\":["
                    + i * bytesEach + "," + (i + 1) * bytesEach + "]}");
        }
        return ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    }
}
