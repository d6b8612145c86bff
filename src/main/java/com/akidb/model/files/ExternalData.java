package com.akidb.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The files beside an ONNX model that hold its weights, as the model itself names them: ModelProto.graph (7),
 * GraphProto.initializer (5), TensorProto.external_data (13), a StringStringEntryProto with the key (1) {@code location}.
 * Reads the lengths in the file and skips the rest, so it is quick for models of any size and notices those that were cut.
 */
public final class ExternalData {

    private static final int GRAPH = 7;
    private static final int INITIALIZER = 5;
    private static final int EXTERNAL_DATA = 13;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int LONGEST_TEXT = 4096;
    private static final Pattern NAME = Pattern.compile("[^/\\\\]+");

    private final FileChannel channel;
    private final Set<String> locations = new TreeSet<>();
    private final ByteBuffer window = ByteBuffer.allocate(8192).limit(0);
    private long windowStart;

    private ExternalData(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Names of the files that belong to a model.
     *
     * @return names in the model's own directory, sorted; empty if its weights are inside
     * @throws DamagedFileException if the file is no whole ONNX model
     */
    public static Set<String> of(Path model) throws IOException {
        try (FileChannel channel = FileChannel.open(model, StandardOpenOption.READ)) {
            ExternalData reader = new ExternalData(channel);
            if (channel.size() == 0) {
                throw new DamagedFileException("the ONNX file is empty");
            }
            reader.message(0, channel.size(), GRAPH);
            return reader.locations;
        }
    }

    /** Reads a message, entering one kind of field. */
    private void message(long from, long end, int entered) throws IOException {
        long position = from;
        while (position < end) {
            long[] tag = varint(position);
            int field = (int) (tag[0] >>> 3);
            position = tag[1];
            switch ((int) (tag[0] & 7)) {
                case 0 -> position = varint(position)[1];
                case 1 -> position += Long.BYTES;
                case 5 -> position += Integer.BYTES;
                case 2 -> {
                    long[] length = varint(position);
                    position = length[1] + length[0];
                    if (length[0] < 0 || position > end || position < length[1]) {
                        throw new DamagedFileException("the ONNX file is cut short or damaged");
                    }
                    if (field == entered) {
                        enter(entered, length[1], position);
                    }
                }
                default -> throw new DamagedFileException("the file is not an ONNX model");
            }
        }
        if (position != end) {
            throw new DamagedFileException("the ONNX file is cut short or damaged");
        }
    }

    private void enter(int field, long from, long end) throws IOException {
        switch (field) {
            case GRAPH -> message(from, end, INITIALIZER);
            case INITIALIZER -> message(from, end, EXTERNAL_DATA);
            default -> entry(from, end);
        }
    }

    private void entry(long from, long end) throws IOException {
        String key = "";
        String value = "";
        for (long position = from; position < end; ) {
            long[] tag = varint(position);
            long[] length = varint(tag[1]);
            position = length[1] + length[0];
            if (length[0] < 0 || length[0] > LONGEST_TEXT || position > end) {
                throw new DamagedFileException("the ONNX file is damaged");
            }
            String text = text(length[1], (int) length[0]);
            key = tag[0] >>> 3 == KEY ? text : key;
            value = tag[0] >>> 3 == VALUE ? text : value;
        }
        if (key.equals("location")) {
            String name = value.replaceFirst("^\\./", "");
            if (!NAME.matcher(name).matches() || name.equals("..")) {
                throw new DamagedFileException("the ONNX file names weights outside its directory");
            }
            locations.add(name);
        }
    }

    private String text(long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(from + i);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A number of variable length and the position after it. */
    private long[] varint(long from) throws IOException {
        long value = 0;
        long position = from;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = at(position++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return new long[] {value, position};
            }
        }
        throw new DamagedFileException("the file is not an ONNX model");
    }

    private byte at(long position) throws IOException {
        if (position < windowStart || position >= windowStart + window.limit()) {
            window.clear();
            windowStart = position;
            int read = channel.read(window, position);
            window.flip();
            if (read <= 0) {
                throw new DamagedFileException("the ONNX file is cut short");
            }
        }
        return window.get((int) (position - windowStart));
    }
}
