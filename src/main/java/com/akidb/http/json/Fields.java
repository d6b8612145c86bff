package com.akidb.http.json;

import com.akidb.error.Suggestion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names that the members of an object may have. */
public final class Fields {

    private final List<String> names;
    private final byte[][] encoded;
    private final Map<String, Integer> positions = new HashMap<>();

    private Fields(List<String> names) {
        this.names = names;
        this.encoded = names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        for (int i = 0; i < encoded.length; i++) {
            positions.put(names.get(i), i);
        }
    }

    /** Names in the order in which messages list them. */
    public static Fields of(String... names) {
        return new Fields(List.of(names));
    }

    /** As many names as there may be columns, of whatever characters. */
    public static Fields of(List<String> names) {
        return new Fields(List.copyOf(names));
    }

    public List<String> names() {
        return names;
    }

    int size() {
        return encoded.length;
    }

    String name(int position) {
        return names.get(position);
    }

    /**
     * The position of a name, or -1. Looks at the one that is expected first: objects in a row mostly have their members in
     * the same order.
     *
     * @param expected a position, which may lie behind the last
     * @param bytes the name as it is written between two offsets
     */
    int find(int expected, byte[] bytes, int from, int to, String name) {
        return expected < encoded.length
                        && Arrays.equals(encoded[expected], 0, encoded[expected].length, bytes, from, to)
                ? expected
                : find(name);
    }

    /** The position of a name, or -1. */
    public int find(String name) {
        return positions.getOrDefault(name, -1);
    }

    /** What to say about a name that is not known: the nearest one where it looks like a slip, else all. */
    public String unknown(String kind, String name) {
        String shown = name.length() > 64 ? name.substring(0, 64) + "…" : name;
        String hint = Suggestion.hint(name, names);
        if (hint.isEmpty()) {
            hint = names.isEmpty() ? "; none is known here" : "; known are " + String.join(", ", names);
        }
        return "Unknown " + kind + " '" + shown + "'" + hint;
    }
}
