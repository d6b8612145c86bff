package com.akidb.collection;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.FieldResolver;
import java.util.ArrayList;
import java.util.List;

/**
 * The names that filters on documents may use: {@code id}, {@code text}, and metadata by dotted path, {@code
 * metadata.area.name} or {@code area.name} for short. A metadata key that is itself called {@code id}, {@code text} or
 * {@code metadata} needs the long form; a dot that belongs to a key is written {@code \.}, a backslash {@code \\}.
 */
public final class DocumentFields implements FieldResolver {

    private static final int MAX_LENGTH = 1_024;
    private static final int MAX_DEPTH = 32;

    @Override
    public FieldPath resolve(String name, String field) {
        if (name.equals(CollectionTable.ID) || name.equals(CollectionTable.TEXT)) {
            return FieldPath.column(name);
        }
        List<String> keys = keys(name, field);
        if (keys.getFirst().equals(CollectionTable.METADATA)) {
            keys = keys.subList(1, keys.size());
        }
        return new FieldPath(CollectionTable.METADATA, keys);
    }

    private static List<String> keys(String name, String field) {
        if (name.length() > MAX_LENGTH) {
            throw invalid(field, "must be at most " + MAX_LENGTH + " characters");
        }
        List<String> keys = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char next = name.charAt(i);
            if (next == '\\') {
                if (++i == name.length() || (name.charAt(i) != '.' && name.charAt(i) != '\\')) {
                    throw invalid(field, "has a backslash that stands before neither a dot nor a backslash");
                }
                key.append(name.charAt(i));
            } else if (next == '.') {
                add(keys, key, field);
            } else {
                key.append(next);
            }
        }
        add(keys, key, field);
        return keys;
    }

    private static void add(List<String> keys, StringBuilder key, String field) {
        if (key.isEmpty()) {
            throw invalid(field, "must be id, text or a dotted path into the metadata such as area or area.name");
        }
        if (keys.size() == MAX_DEPTH) {
            throw invalid(field, "must be at most " + MAX_DEPTH + " keys long");
        }
        keys.add(key.toString());
        key.setLength(0);
    }

    private static InvalidInputException invalid(String field, String rule) {
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " " + rule, field);
    }
}
