package com.akidb.table;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.query.FieldResolver;
import com.akidb.query.Timestamps;
import java.util.List;

/**
 * The names that filters and orders of a table may use: its scalar columns, and places inside JSON columns by dotted path,
 * {@code properties.area.name}. A dot that belongs to a key is written {@code \.}, a backslash {@code \\}. A column whose own
 * name has dots comes first.
 */
final class TableFields implements FieldResolver {

    private final TableSchema schema;

    TableFields(TableSchema schema) {
        this.schema = schema;
    }

    @Override
    public FieldPath resolve(String name, String field) {
        if (schema.position(name) >= 0) {
            return FieldPath.column(scalar(schema.column(name, field), field));
        }
        List<String> keys = FieldPath.keys(name, field);
        for (int i = 1; i < keys.size(); i++) {
            String column = String.join(".", keys.subList(0, i));
            if (schema.position(column) >= 0) {
                ColumnType type = schema.column(column, field).type();
                if (type != ColumnType.JSON) {
                    throw invalid(
                            ErrorCode.WRONG_TYPE,
                            field,
                            "looks into '" + column + "', which is of type " + TypeNames.of(type)
                                    + "; only json columns have fields");
                }
                if (keys.subList(i, keys.size()).contains("")) {
                    throw invalid(ErrorCode.INVALID_ARGUMENT, field, "has an empty name between its dots");
                }
                return new FieldPath(column, keys.subList(i, keys.size()));
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
    public boolean holdsArrays(FieldPath place) {
        return schema.column(place.column(), place.column()).type() == ColumnType.JSON;
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

    private static InvalidInputException invalid(ErrorCode code, String field, String what) {
        return new InvalidInputException(code, field + " " + what, field);
    }
}
