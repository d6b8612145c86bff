package com.akidb.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a safetensors file says of itself: 8 bytes with the length of the header (little-endian), the header (a JSON object of
 * tensors, each with {@code data_offsets}, its first byte and the one behind its last, counted from the header's end), then
 * the tensors without gaps. Only the header is read, so it is quick for files of any size and notices those that were cut.
 *
 * @param tensors names of its tensors, sorted
 */
public record Safetensors(Set<String> tensors) {

    private static final String METADATA = "__metadata__";
    private static final int LONGEST_HEADER = 64 << 20;

    /**
     * Reads a file's header.
     *
     * @throws DamagedFileException if it is no whole safetensors file
     */
    public static Safetensors of(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long header = size < Long.BYTES
                    ? -1
                    : read(channel, 0, Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong();
            if (header < 2 || header > LONGEST_HEADER) {
                throw new DamagedFileException(name + " is not a safetensors file");
            }
            long start = Long.BYTES + header;
            if (start > size) {
                throw new DamagedFileException(name + " is cut short within its header");
            }
            return withTensors(name, read(channel, Long.BYTES, (int) header).array(), size - start);
        }
    }

    private static Safetensors withTensors(String name, byte[] header, long dataBytes) throws IOException {
        JsonNode tree = tree(name, header);
        Set<String> tensors = new TreeSet<>();
        long end = 0;
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            if (entry.getKey().equals(METADATA)) {
                continue;
            }
            JsonNode offsets = entry.getValue().path("data_offsets");
            long first = offsets.path(0).asLong(-1);
            long behind = offsets.path(1).asLong(-1);
            if (first < 0 || behind < first) {
                throw new DamagedFileException(name + " does not say where its tensor " + entry.getKey() + " lies");
            }
            end = Math.max(end, behind);
            tensors.add(entry.getKey());
        }
        if (end != dataBytes) {
            throw new DamagedFileException(name + (dataBytes < end ? " is cut short" : " is damaged")
                    + ": its tensors take " + end + " bytes, and it has " + dataBytes);
        }
        return new Safetensors(tensors);
    }

    private static JsonNode tree(String name, byte[] header) throws IOException {
        try {
            JsonNode tree = JsonMapper.shared().readTree(header);
            if (tree.isObject()) {
                return tree;
            }
        } catch (JacksonException e) {
            throw (IOException) new DamagedFileException(name + " has no readable header").initCause(e);
        }
        throw new DamagedFileException(name + " has no readable header");
    }

    private static ByteBuffer read(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
            // Goes on until the buffer is full; the file's size was checked.
        }
        return buffer.flip();
    }
}
