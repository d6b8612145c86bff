package com.akidb.http.collections;

import com.akidb.collection.DocumentFields;
import com.akidb.collection.DocumentSearch;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The body of a search. */
final class SearchBody {

    private static final int MOST_RESULTS = 1_000;
    private static final Fields FIELDS = Fields.of(
            "query",
            "query_vector",
            "vector",
            "k",
            "limit",
            "filter",
            "threshold",
            "include_vectors",
            "include_metadata",
            "explain");

    private @Nullable String query;
    private float @Nullable [] vector;
    private @Nullable Integer k;
    private @Nullable Predicate filter;
    private @Nullable Float threshold;
    private boolean includeVectors;
    private boolean includeMetadata = true;
    private boolean explain;

    static DocumentSearch read(JsonReader json, Duration timeout) {
        SearchBody body = new SearchBody();
        json.object(FIELDS, body::member);
        json.end();
        return body.search(timeout);
    }

    private void member(JsonReader json, String name) {
        if (json.nothing()) {
            return;
        }
        switch (name) {
            case "query" -> query = json.string();
            case "query_vector", "vector" -> vector(json);
            case "k", "limit" -> limit(json);
            case "filter" -> filter = FilterParser.parse(json.tree(), "filter", new DocumentFields());
            case "threshold" -> threshold = json.number();
            case "include_vectors" -> includeVectors = json.bool();
            case "include_metadata" -> includeMetadata = json.bool();
            case "explain" -> explain = json.bool();
            default -> throw new IllegalStateException(name);
        }
    }

    private void vector(JsonReader json) {
        float[] given = json.floats();
        if (vector != null && !Arrays.equals(vector, given)) {
            throw json.invalid(
                    ErrorCode.INVALID_ARGUMENT, "differs: vector and query_vector are two names of the same thing");
        }
        vector = given;
    }

    private void limit(JsonReader json) {
        int given = json.integer(1, MOST_RESULTS);
        if (k != null && k != given) {
            throw json.invalid(ErrorCode.INVALID_ARGUMENT, "differs: k and limit are two names of the same thing");
        }
        k = given;
    }

    private DocumentSearch search(Duration timeout) {
        if (query == null && vector == null) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD,
                    "query is missing, and so is query_vector; one of them is needed",
                    "query");
        }
        return new DocumentSearch(
                query,
                vector,
                k == null ? 10 : k,
                filter,
                threshold,
                includeVectors,
                includeMetadata,
                explain,
                timeout);
    }
}
