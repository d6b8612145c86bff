package com.akidb.http.collections;

import com.akidb.collection.NewDocument;
import com.akidb.engine.OnConflict;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.server.QueryParameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of an insert: one document, or {@code documents} with up to 1,000. */
final class InsertBody {

    private static final int MOST_DOCUMENTS = 1_000;
    private static final Fields DOCUMENT = Fields.of("text", "vector", "external_id", "id", "metadata");
    private static final Fields FIELDS =
            Fields.of("documents", "on_conflict", "text", "vector", "external_id", "id", "metadata");

    private @Nullable List<NewDocument> documents;
    private OnConflict onConflict = OnConflict.REPLACE;
    private final DocumentBody single = new DocumentBody("");
    private @Nullable String singleField;

    static InsertBody read(JsonReader json) {
        InsertBody body = new InsertBody();
        json.object(FIELDS, body::member);
        json.end();
        if (body.documents != null && body.singleField != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    body.singleField + " cannot be given beside documents; put it into one of them",
                    body.singleField);
        }
        return body;
    }

    /** Reads documents that come one a line; what else there is to say comes in the query. */
    static InsertBody readLines(JsonReader json, QueryParameters query) {
        InsertBody body = new InsertBody();
        body.onConflict = onConflict(query.text("on_conflict", "upsert"));
        List<NewDocument> all = new ArrayList<>();
        json.sequence("documents", (item, index) -> add(all, item, index));
        body.documents = notEmpty(all);
        return body;
    }

    private void member(JsonReader json, String name) {
        switch (name) {
            case "documents" -> documents = documents(json);
            case "on_conflict" -> {
                if (!json.nothing()) {
                    onConflict = onConflict(json.string());
                }
            }
            default -> {
                singleField = name;
                single.member(json, name);
            }
        }
    }

    private static List<NewDocument> documents(JsonReader json) {
        List<NewDocument> documents = new ArrayList<>();
        json.array("an array of documents", (item, index) -> add(documents, item, index));
        return notEmpty(documents);
    }

    private static void add(List<NewDocument> documents, JsonReader item, int index) {
        if (index == MOST_DOCUMENTS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "Maximum " + MOST_DOCUMENTS + " documents per request", "documents");
        }
        DocumentBody document = new DocumentBody("documents[" + index + "].");
        item.object(DOCUMENT, document::member);
        documents.add(document.document());
    }

    private static List<NewDocument> notEmpty(List<NewDocument> documents) {
        if (documents.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "documents cannot be empty", "documents");
        }
        return documents;
    }

    private static OnConflict onConflict(String name) {
        return switch (name) {
            case "upsert" -> OnConflict.REPLACE;
            case "error" -> OnConflict.ERROR;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Unknown on_conflict '" + name + "'; known are upsert, error",
                        "on_conflict");
        };
    }

    boolean isBatch() {
        return documents != null;
    }

    List<NewDocument> documents() {
        return documents == null ? List.of(single.document()) : documents;
    }

    OnConflict onConflict() {
        return onConflict;
    }
}
