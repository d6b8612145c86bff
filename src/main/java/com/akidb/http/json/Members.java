package com.akidb.http.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names that the members of an object may have, however many and of whatever characters. */
public final class Members {

    private final List<String> names;
    private final byte[][] encoded;
    private final Map<String, Integer> positions = new HashMap<>();

    public Members(List<String> names) {
        this.names = List.copyOf(names);
        this.encoded = names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        for (int i = 0; i < encoded.length; i++) {
            positions.put(names.get(i), i);
        }
    }

    String name(int position) {
        return names.get(position);
    }

    /**
     * The position of the name between two offsets, if it is the one that is expected there: objects in a row mostly have
     * their members in the same order.
     *
     * @return -1 if it is not, which says nothing of other names
     */
    int expected(int position, byte[] bytes, int from, int to) {
        return position < encoded.length
                        && Arrays.equals(encoded[position], 0, encoded[position].length, bytes, from, to)
                ? position
                : -1;
    }

    /** The position of a name, or -1. */
    int find(String name) {
        return positions.getOrDefault(name, -1);
    }
}
