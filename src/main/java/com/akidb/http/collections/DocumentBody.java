package com.akidb.http.collections;

import com.akidb.collection.NewDocument;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.JsonReader;
import org.jspecify.annotations.Nullable;

/** One document in a body, alone or among others. */
final class DocumentBody {

    private final String at;
    private @Nullable String text;
    private float @Nullable [] vector;
    private @Nullable String externalId;
    private @Nullable String id;
    private @Nullable String metadata;

    /** A document at a path such as {@code documents[3].}, or at the empty one. */
    DocumentBody(String at) {
        this.at = at;
    }

    void member(JsonReader json, String name) {
        if (name.equals("text")) {
            text = json.string();
        } else if (!json.nothing()) {
            switch (name) {
                case "vector" -> vector = json.floats();
                case "external_id" -> externalId = json.string();
                case "id" -> id = json.string();
                case "metadata" -> metadata = json.raw();
                default -> throw new IllegalStateException(name);
            }
        }
    }

    /** The document; without a text only when told that nothing of it was there. */
    NewDocument document() {
        if (text == null) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, at + "text is missing", at + "text");
        }
        if (id != null && externalId != null && !id.equals(externalId)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    at + "id and " + at + "external_id name the same thing and must be equal",
                    at + "external_id");
        }
        return new NewDocument(externalId == null ? id : externalId, text, vector, metadata);
    }
}
