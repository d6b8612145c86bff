package com.akidb.http.json;

import com.akidb.error.Suggestion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The names that an object may have. At most 64, ASCII. */
public final class Fields {

    private final String[] names;
    private final byte[][] encoded;

    private Fields(String[] names) {
        this.names = names;
        this.encoded = Arrays.stream(names)
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }

    /** Names in the order in which messages list them. */
    public static Fields of(String... names) {
        return new Fields(names.clone());
    }

    public List<String> names() {
        return List.of(names);
    }

    /** The position of the name between two offsets, or -1. */
    int find(byte[] bytes, int from, int to) {
        for (int i = 0; i < encoded.length; i++) {
            if (Arrays.equals(encoded[i], 0, encoded[i].length, bytes, from, to)) {
                return i;
            }
        }
        return -1;
    }

    /** The position of a name, or -1. */
    public int find(String name) {
        return Arrays.asList(names).indexOf(name);
    }

    String name(int position) {
        return names[position];
    }

    /** What to say about a name that is not known: the nearest one where it looks like a slip, else all. */
    public String unknown(String kind, String name) {
        String shown = name.length() > 64 ? name.substring(0, 64) + "…" : name;
        String hint = Suggestion.hint(name, names());
        if (hint.isEmpty()) {
            hint = names.length == 0 ? "; none is known here" : "; known are " + String.join(", ", names);
        }
        return "Unknown " + kind + " '" + shown + "'" + hint;
    }
}
