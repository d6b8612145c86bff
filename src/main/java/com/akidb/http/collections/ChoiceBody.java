package com.akidb.http.collections;

import com.akidb.collection.DocumentChange;
import com.akidb.collection.DocumentFields;
import com.akidb.engine.RowSelection;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies of requests about documents that a filter or their ids choose: query, delete, update. */
final class ChoiceBody {

    static final Fields QUERY = Fields.of("filter", "ids", "limit", "cursor", "include_vectors", "count");
    static final Fields DELETE = Fields.of("filter", "ids");
    static final Fields UPDATE = Fields.of("filter", "ids", "metadata");
    static final Fields UPDATE_ONE = Fields.of("text", "vector", "metadata");
    private static final int MOST_IDS = 1_000;
    private static final int LARGEST_PAGE = 1_000;

    @Nullable
    Predicate filter;

    @Nullable
    List<String> ids;

    @Nullable
    Integer limit;

    String cursor = "";
    boolean includeVectors;
    boolean count;
    private @Nullable String text;
    private float @Nullable [] vector;
    private boolean changesMetadata;
    private @Nullable String metadata;

    private ChoiceBody() {}

    static ChoiceBody read(JsonReader json, Fields fields) {
        ChoiceBody body = new ChoiceBody();
        json.object(fields, body::member);
        json.end();
        if (body.ids != null && body.filter != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "ids cannot be used together with filter; use one of them", "ids");
        }
        return body;
    }

    private void member(JsonReader json, String name) {
        if (name.equals("metadata")) {
            changesMetadata = true;
            metadata = json.nothing() ? null : json.raw();
        } else if (!json.nothing()) {
            switch (name) {
                case "filter" -> filter = FilterParser.parse(json.tree(), name, new DocumentFields());
                case "ids" -> ids = ids(json);
                case "limit" -> limit = json.integer(1, LARGEST_PAGE);
                case "cursor" -> cursor = json.string();
                case "include_vectors" -> includeVectors = json.bool();
                case "count" -> count = json.bool();
                case "text" -> text = json.string();
                case "vector" -> vector = json.floats();
                default -> throw new IllegalStateException(name);
            }
        }
    }

    private static List<String> ids(JsonReader json) {
        List<String> ids = new ArrayList<>();
        json.array("an array of ids", (item, index) -> {
            if (index == MOST_IDS) {
                throw item.invalid(ErrorCode.OUT_OF_RANGE, "is one id too many; at most " + MOST_IDS);
            }
            ids.add(item.string());
        });
        if (ids.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "ids cannot be empty", "ids");
        }
        return ids;
    }

    /** The documents to change. */
    RowSelection selection() {
        if (ids != null) {
            return new RowSelection.Keys(ids);
        }
        if (filter == null) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD,
                    "filter is missing, and so is ids; an empty list as filter means all documents",
                    "filter");
        }
        return new RowSelection.Where(filter);
    }

    DocumentChange change() {
        return new DocumentChange(text, vector, changesMetadata, metadata);
    }

    /** Refuses what goes with pages of documents only. */
    void requireNoPage(String beside) {
        String field = limit != null
                ? "limit"
                : !cursor.isEmpty() ? "cursor" : beside.equals("count") && includeVectors ? "include_vectors" : null;
        if (field != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, field + " cannot be used together with " + beside, field);
        }
    }
}
