package com.akidb.http.tables;

import com.akidb.engine.IndexMethod;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.table.IndexService.NewIndex;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies that make indexes. */
final class IndexBody {

    private static final Fields VECTOR = Fields.of("column", "method", "metric", "parameters");
    private static final Fields SCALAR = Fields.of("columns");
    private static final Fields PARAMETERS = Fields.of("m", "ef_construction", "ef", "lists", "probes");
    private static final int MOST_COLUMNS = 16;

    private final List<String> columns = new ArrayList<>();
    private final Map<String, Integer> parameters = new HashMap<>();
    private @Nullable IndexMethod method;
    private @Nullable Metric metric;

    /** An index over an embedding column. */
    static NewIndex readVector(JsonReader json) {
        IndexBody body = new IndexBody();
        json.object(VECTOR, body::member);
        json.end();
        if (body.columns.isEmpty()) {
            throw missing("column");
        }
        if (body.method == null) {
            throw missing("method");
        }
        if (body.metric == null) {
            throw missing("metric");
        }
        return new NewIndex(body.method, body.columns, body.metric, body.parameters);
    }

    /** An index over scalar columns. */
    static NewIndex readScalar(JsonReader json, IndexMethod method) {
        IndexBody body = new IndexBody();
        json.object(SCALAR, body::member);
        json.end();
        if (body.columns.isEmpty()) {
            throw missing("columns");
        }
        return new NewIndex(method, body.columns, null, Map.of());
    }

    private void member(JsonReader json, String name) {
        switch (name) {
            case "column" -> columns.add(json.string());
            case "method" -> method = method(json.string());
            case "metric" -> metric = Metric.parse(json.string(), json.path());
            case "parameters" -> {
                if (!json.nothing()) {
                    json.object(
                            PARAMETERS,
                            (value, parameter) -> parameters.put(parameter, value.integer(0, Integer.MAX_VALUE)));
                }
            }
            case "columns" ->
                json.array("an array of column names", (item, index) -> {
                    if (index == MOST_COLUMNS) {
                        throw new InvalidInputException(
                                ErrorCode.OUT_OF_RANGE, "columns must be at most " + MOST_COLUMNS, "columns");
                    }
                    columns.add(item.string());
                });
            default -> throw new IllegalStateException(name);
        }
    }

    private static IndexMethod method(String name) {
        return switch (name) {
            case "hnsw" -> IndexMethod.HNSW;
            case "ivfflat" -> IndexMethod.IVFFLAT;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "method must be hnsw or ivfflat, got '" + (name.length() > 64 ? name.substring(0, 64) : name)
                                + "'",
                        "method");
        };
    }

    private static InvalidInputException missing(String field) {
        return new InvalidInputException(ErrorCode.MISSING_FIELD, field + " is missing", field);
    }
}
