package com.akidb.collection;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.FieldResolver;
import java.util.List;

/**
 * The names that filters on documents may use: {@code id}, {@code text}, and metadata by dotted path, {@code
 * metadata.area.name} or {@code area.name} for short. A metadata key that is itself called {@code id}, {@code text} or
 * {@code metadata} needs the long form; a dot that belongs to a key is written {@code \.}, a backslash {@code \\}.
 */
public final class DocumentFields implements FieldResolver {

    @Override
    public FieldPath resolve(String name, String field) {
        if (name.equals(CollectionTable.ID) || name.equals(CollectionTable.TEXT)) {
            return FieldPath.column(name);
        }
        List<String> keys = FieldPath.keys(name, field);
        if (keys.contains("")) {
            throw invalid(field, "must be id, text or a dotted path into the metadata such as area or area.name");
        }
        if (keys.getFirst().equals(CollectionTable.METADATA)) {
            keys = keys.subList(1, keys.size());
        }
        return new FieldPath(CollectionTable.METADATA, keys);
    }

    @Override
    public boolean holdsArrays(FieldPath place) {
        return place.column().equals(CollectionTable.METADATA);
    }

    private static InvalidInputException invalid(String field, String rule) {
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " " + rule, field);
    }
}
