package com.akidb.http.tables;

import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.table.SimilarityClause;
import com.akidb.table.TableSchema;
import org.jspecify.annotations.Nullable;

/** What a query compares rows with. */
final class SimilarityBody {

    private static final Fields FIELDS = Fields.of("query", "column", "threshold");

    private @Nullable String query;
    private float @Nullable [] vector;
    private @Nullable String column;
    private @Nullable Float threshold;

    static SimilarityClause read(JsonReader json, TableSchema schema) {
        String path = json.path();
        SimilarityBody body = new SimilarityBody();
        json.object(FIELDS, body::member);
        if (body.query == null && body.vector == null) {
            throw missing(path + ".query", "a text or a vector");
        }
        if (body.column == null) {
            throw missing(path + ".column", "the name of an embedding column");
        }
        if (schema.column(body.column, path + ".column").type() != ColumnType.VECTOR) {
            throw new InvalidInputException(
                    ErrorCode.WRONG_TYPE,
                    path + ".column must name an embedding column; '" + body.column + "' is none",
                    path + ".column");
        }
        return new SimilarityClause(body.query, body.vector, body.column, body.threshold);
    }

    private void member(JsonReader json, String name) {
        switch (name) {
            case "query" -> {
                if (json.peek() == '[') {
                    vector = json.floats();
                } else {
                    query = json.string();
                }
            }
            case "column" -> column = json.string();
            case "threshold" -> threshold = json.nothing() ? null : (Float) json.number();
            default -> throw new IllegalStateException(name);
        }
    }

    private static InvalidInputException missing(String field, String wanted) {
        return new InvalidInputException(ErrorCode.MISSING_FIELD, field + " is missing; it must be " + wanted, field);
    }
}
