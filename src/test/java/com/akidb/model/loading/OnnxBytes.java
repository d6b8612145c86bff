package com.akidb.model.loading;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Files with the outer form of an ONNX model: ModelProto.graph (7), initializer (5), and what a tensor says. */
final class OnnxBytes {

    private static final int VERSION = 1;
    private static final int GRAPH = 7;
    private static final int INITIALIZER = 5;
    private static final int RAW_DATA = 9;
    private static final int EXTERNAL_DATA = 13;

    private OnnxBytes() {}

    static byte[] withWeightsInside(int bytes) {
        byte[] weights = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            weights[i] = (byte) (i * 31);
        }
        return model(field(RAW_DATA, weights));
    }

    static byte[] withWeightsIn(String location) {
        byte[] offset = join(field(1, "offset".getBytes(StandardCharsets.UTF_8)), field(2, new byte[] {'0'}));
        byte[] place = join(
                field(1, "location".getBytes(StandardCharsets.UTF_8)),
                field(2, location.getBytes(StandardCharsets.UTF_8)));
        return model(join(field(EXTERNAL_DATA, offset), field(EXTERNAL_DATA, place)));
    }

    private static byte[] model(byte[] tensor) {
        return join(new byte[] {VERSION << 3, 8}, field(GRAPH, field(INITIALIZER, tensor)));
    }

    private static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeByteArray(number, content);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first);
        bytes.writeBytes(second);
        return bytes.toByteArray();
    }
}
