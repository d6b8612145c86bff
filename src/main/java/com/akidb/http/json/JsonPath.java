package com.akidb.http.json;

import java.util.Arrays;

/** Where a reader is, as messages name it: {@code documents[3].vector[17]}. Costs nothing until somebody asks. */
final class JsonPath {

    private String[] names = new String[8];
    private int[] indexes = new int[8];
    private int depth;

    /** Goes into a member or an item, whose name is set next. */
    void enter() {
        if (depth == names.length) {
            names = Arrays.copyOf(names, depth * 2);
            indexes = Arrays.copyOf(indexes, depth * 2);
        }
        depth++;
    }

    void at(String name) {
        names[depth - 1] = name;
        indexes[depth - 1] = -1;
    }

    void at(int index) {
        indexes[depth - 1] = index;
    }

    void leave() {
        depth--;
    }

    @Override
    public String toString() {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            if (indexes[i] >= 0) {
                path.append('[').append(indexes[i]).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(names[i]);
            }
        }
        return path.toString();
    }
}
