package com.akidb.embedding.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a small graph of an ONNX file that has its weights inside: a copy that names where in the file the large ones are, as if
 * they lay beside it. ONNX Runtime maps such weights and lets go of those that it arranges anew, so what it never reads, such
 * as the vectors of words that no text has, takes no memory. Weights inside a graph it reads, parses and copies.
 *
 * <p>Numbers of fields are those of ONNX's {@code onnx.proto}.
 */
final class MappedWeights {

    /** Of ModelProto. */
    private static final int GRAPH = 7;
    /** Of GraphProto. */
    private static final int INITIALIZER = 5;
    /** Of TensorProto. */
    private static final int RAW_DATA = 9;

    private static final int EXTERNAL_DATA = 13;
    private static final int DATA_LOCATION = 14;
    private static final int EXTERNAL = 1;
    /** Of StringStringEntryProto. */
    private static final int KEY = 1;

    private static final int VALUE = 2;

    /** Weights of fewer bytes stay inside. */
    private static final int SMALL = 16 * 1024;

    private final CodedInputStream in;
    private final long size;
    private final String name;

    private MappedWeights(CodedInputStream in, long size, String name) {
        this.in = in;
        this.size = size;
        this.name = name;
    }

    /**
     * The graph that names the weights in its file, which must not change while they are in use.
     *
     * @throws IOException if the file cannot be read or is no whole ONNX model
     */
    static byte[] graphOf(Path model) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(model)) {
            CodedInputStream in = CodedInputStream.newInstance(Channels.newInputStream(file));
            return new MappedWeights(in, file.size(), model.getFileName().toString())
                    .message(GRAPH, MappedWeights::graph)
                    .toByteArray();
        }
    }

    /** Reads a field of bytes and gives what comes into the copy. */
    @FunctionalInterface
    private interface Reading {
        void read(MappedWeights model, int length, UnknownFieldSet.Builder copy) throws IOException;
    }

    /** Copies a message to its end, but for the fields that are read. */
    private UnknownFieldSet message(int number, Reading reading) throws IOException {
        UnknownFieldSet.Builder copy = UnknownFieldSet.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == number
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                reading.read(this, in.readRawVarint32(), copy);
            } else {
                copy.mergeFieldFrom(tag, in);
            }
        }
        return copy.build();
    }

    private UnknownFieldSet message(int length, int number, Reading reading) throws IOException {
        int outer = in.pushLimit(length);
        UnknownFieldSet copy = message(number, reading);
        in.popLimit(outer);
        return copy;
    }

    private void graph(int length, UnknownFieldSet.Builder copy) throws IOException {
        add(copy, GRAPH, message(length, INITIALIZER, MappedWeights::initializer));
    }

    private void initializer(int length, UnknownFieldSet.Builder copy) throws IOException {
        add(copy, INITIALIZER, message(length, RAW_DATA, MappedWeights::weights));
    }

    private void weights(int length, UnknownFieldSet.Builder tensor) throws IOException {
        if (length < SMALL) {
            tensor.mergeField(RAW_DATA, bytes(ByteString.copyFrom(in.readRawBytes(length))));
            return;
        }
        long offset = in.getTotalBytesRead();
        if (offset + length > size) {
            throw new InvalidProtocolBufferException("The file ends before its weights do");
        }
        in.skipRawBytes(length);
        add(tensor, EXTERNAL_DATA, entry("location", name));
        add(tensor, EXTERNAL_DATA, entry("offset", Long.toString(offset)));
        add(tensor, EXTERNAL_DATA, entry("length", Integer.toString(length)));
        tensor.mergeVarintField(DATA_LOCATION, EXTERNAL);
    }

    private static UnknownFieldSet entry(String key, String value) {
        return UnknownFieldSet.newBuilder()
                .mergeField(KEY, bytes(ByteString.copyFromUtf8(key)))
                .mergeField(VALUE, bytes(ByteString.copyFromUtf8(value)))
                .build();
    }

    private static void add(UnknownFieldSet.Builder copy, int number, UnknownFieldSet message) {
        copy.mergeField(number, bytes(message.toByteString()));
    }

    private static Field bytes(ByteString bytes) {
        return Field.newBuilder().addLengthDelimited(bytes).build();
    }
}
