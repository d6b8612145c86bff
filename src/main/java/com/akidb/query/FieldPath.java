package com.akidb.query;

import java.util.List;

/**
 * Names a value of a row: a column, or a place inside a JSON column, such as column {@code metadata} and path
 * {@code [area, name]}.
 */
public record FieldPath(String column, List<String> path) {

    public FieldPath {
        path = List.copyOf(path);
    }

    public static FieldPath column(String column) {
        return new FieldPath(column, List.of());
    }

    /** The dotted form, as users write it. */
    @Override
    public String toString() {
        return path.isEmpty() ? column : column + "." + String.join(".", path);
    }
}
