package com.akidb.query;

import com.akidb.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Names a value of a row: a column, or a place inside a JSON column, such as column {@code metadata} and path
 * {@code [area, name]}.
 */
public record FieldPath(String column, List<String> path) {

    /** The sequence number of the commit that wrote a row last. No column can have such a name. */
    public static final FieldPath VERSION = column(" version");

    /** The time of that commit. */
    public static final FieldPath CHANGED_AT = column(" changed_at");

    private static final int MAX_LENGTH = 1_024;
    /** Levels below the first name. */
    private static final int MAX_DEPTH = 32;

    public FieldPath {
        path = List.copyOf(path);
    }

    public static FieldPath column(String column) {
        return new FieldPath(column, List.of());
    }

    /**
     * The keys of a dotted name, in which a dot that belongs to a key is written {@code \.}, a backslash {@code \\}. A key
     * between two dots may be empty.
     *
     * @param field the request field to blame
     * @throws com.akidb.error.InvalidInputException if it is too long, or a backslash stands before anything else
     */
    public static List<String> keys(String dotted, String field) {
        Place place = Place.of(field);
        if (dotted.length() > MAX_LENGTH) {
            throw place.invalid(ErrorCode.OUT_OF_RANGE, "must be at most " + MAX_LENGTH + " characters");
        }
        List<String> keys = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < dotted.length(); i++) {
            char next = dotted.charAt(i);
            if (next == '\\') {
                if (++i == dotted.length() || (dotted.charAt(i) != '.' && dotted.charAt(i) != '\\')) {
                    throw place.invalid("has a backslash that stands before neither a dot nor a backslash");
                }
                key.append(dotted.charAt(i));
            } else if (next == '.') {
                keys.add(key.toString());
                key.setLength(0);
            } else {
                key.append(next);
            }
        }
        keys.add(key.toString());
        if (keys.size() > MAX_DEPTH + 1) {
            throw place.invalid(ErrorCode.OUT_OF_RANGE, "leads deeper than " + MAX_DEPTH + " levels");
        }
        return keys;
    }

    /** The dotted form, as users write it. */
    @Override
    public String toString() {
        return path.isEmpty() ? column.strip() : column + "." + String.join(".", path);
    }
}
