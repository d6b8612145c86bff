package com.akidb.engine.embedded.store;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many vectors the columns of a table have, by the numbers of the columns, as the list of tables keeps it. */
final class VectorCounts {

    private VectorCounts() {}

    static String text(Map<Integer, Long> counts) {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    static Map<Integer, Long> parse(String text) {
        Map<Integer, Long> counts = new TreeMap<>();
        if (!text.isEmpty()) {
            for (String pair : text.split(",", -1)) {
                int sign = pair.indexOf('=');
                counts.put(Integer.valueOf(pair.substring(0, sign)), Long.valueOf(pair.substring(sign + 1)));
            }
        }
        return counts;
    }
}
