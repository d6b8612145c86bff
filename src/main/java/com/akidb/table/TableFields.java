package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.FieldResolver;
import java.util.ArrayList;
import java.util.List;

/**
 * The names that filters and orders of a table may use: its scalar columns, and places inside JSON columns by dotted path,
 * {@code properties.area.name}. A dot that belongs to a key is written {@code \.}, a backslash {@code \\}. A column whose own
 * name has dots comes first.
 */
final class TableFields implements FieldResolver {

    private static final int MAX_LENGTH = 1_024;
    private static final int MAX_DEPTH = 32;

    private final TableSchema schema;

    TableFields(TableSchema schema) {
        this.schema = schema;
    }

    @Override
    public FieldPath resolve(String name, String field) {
        if (schema.position(name) >= 0) {
            return FieldPath.column(scalar(schema.column(name, field), field));
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            String column = name.substring(0, dot);
            if (schema.position(column) >= 0) {
                ColumnType type = schema.column(column, field).type();
                if (type != ColumnType.JSON) {
                    throw invalid(
                            ErrorCode.WRONG_TYPE,
                            field,
                            "looks into '" + column + "', which is of type " + TypeNames.of(type)
                                    + "; only json columns have fields");
                }
                return new FieldPath(column, keys(name.substring(dot + 1), field));
            }
        }
        schema.column(name, field);
        throw new IllegalStateException(name);
    }

    private static String scalar(Column column, String field) {
        if (column.type() == ColumnType.VECTOR) {
            throw invalid(
                    ErrorCode.WRONG_TYPE,
                    field,
                    "names the embedding column '" + column.name()
                            + "', which can be searched by similarity but neither compared nor ordered");
        }
        return column.name();
    }

    @Override
    public Object constant(FieldPath place, Object value, String field) {
        Column column = schema.column(place.column(), field);
        boolean fits = switch (column.type()) {
            case STRING -> value instanceof String;
            case INT, FLOAT -> value instanceof Long || value instanceof Double;
            case BOOL -> value instanceof Boolean;
            case TIMESTAMP -> value instanceof String;
            case JSON -> true;
            case VECTOR -> false;
        };
        if (!fits) {
            throw invalid(
                    ErrorCode.WRONG_TYPE,
                    field,
                    "must be " + TypeNames.value(column.type()) + ", since column '" + column.name() + "' is of type "
                            + TypeNames.of(column.type()));
        }
        return column.type() == ColumnType.TIMESTAMP ? Timestamps.parse((String) value, field) : value;
    }

    private static List<String> keys(String path, String field) {
        if (path.length() > MAX_LENGTH) {
            throw invalid(ErrorCode.OUT_OF_RANGE, field, "must be at most " + MAX_LENGTH + " characters");
        }
        List<String> keys = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char next = path.charAt(i);
            if (next == '\\') {
                if (++i == path.length()) {
                    throw invalid(ErrorCode.INVALID_ARGUMENT, field, "must not end in a lone backslash");
                }
                key.append(path.charAt(i));
            } else if (next == '.') {
                keys.add(key.toString());
                key.setLength(0);
            } else {
                key.append(next);
            }
        }
        keys.add(key.toString());
        if (keys.contains("")) {
            throw invalid(ErrorCode.INVALID_ARGUMENT, field, "has an empty name between its dots");
        }
        if (keys.size() > MAX_DEPTH) {
            throw invalid(ErrorCode.OUT_OF_RANGE, field, "leads deeper than " + MAX_DEPTH + " levels");
        }
        return keys;
    }

    private static InvalidInputException invalid(ErrorCode code, String field, String what) {
        return new InvalidInputException(code, field + " " + what, field);
    }
}
