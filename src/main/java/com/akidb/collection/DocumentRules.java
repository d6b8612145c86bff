package com.akidb.collection;

import com.akidb.collection.CollectionService.Collection;
import com.akidb.collection.CollectionService.DocumentChange;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Names;
import com.akidb.vector.Vectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What documents must be to enter a collection. */
final class DocumentRules {

    static final int MAX_DOCUMENTS = 1_000;
    static final int MAX_ID = 512;

    private final CollectionProperties bounds;

    DocumentRules(CollectionProperties bounds) {
        this.bounds = bounds;
    }

    /** Checks a batch; fields are named {@code documents[i].text} and so on. */
    void requireBatch(List<NewDocument> documents, Collection collection) {
        if (documents.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "documents cannot be empty", "documents");
        }
        if (documents.size() > MAX_DOCUMENTS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    "Maximum " + MAX_DOCUMENTS + " documents per request, got " + documents.size(),
                    "documents");
        }
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < documents.size(); i++) {
            NewDocument document = documents.get(i);
            String place = "documents[" + i + "].";
            require(document, collection, place);
            Integer first = document.id() == null ? null : seen.putIfAbsent(document.id(), i);
            if (first != null) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        place + "id is also the id of documents[" + first + "]; ids in one request must differ",
                        place + "id");
            }
        }
    }

    /**
     * Checks a document.
     *
     * @param place put before the names of fields, such as {@code documents[3].}; empty for a single document
     */
    void require(NewDocument document, Collection collection, String place) {
        if (document.id() != null) {
            requireId(document.id(), place + "id");
        }
        requireVector(document.vector(), collection, place + "vector");
        requireText(document.text(), place + "text", document.vector() != null);
        requireMetadata(document.metadata(), place + "metadata");
    }

    /** Checks what a document shall become. */
    void requireChange(DocumentChange change, Collection collection) {
        requireVector(change.vector(), collection, "vector");
        if (change.text() != null) {
            requireText(change.text(), "text", change.vector() != null);
        }
        requireMetadata(change.metadata(), "metadata");
    }

    private static void requireVector(float @Nullable [] vector, Collection collection, String field) {
        if (vector != null) {
            Vectors.requireUsable(vector, collection.dimension(), collection.metric(), field);
        }
    }

    private void requireMetadata(@Nullable String metadata, String field) {
        if (metadata != null && metadata.length() > bounds.maxMetadataLength()) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    field + " must be at most " + bounds.maxMetadataLength() + " characters of JSON, got "
                            + metadata.length(),
                    field);
        }
    }

    void requireText(String text, String field, boolean mayBeEmpty) {
        if (text.isEmpty() && !mayBeEmpty) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " cannot be empty", field);
        }
        if (text.length() > bounds.maxTextLength()) {
            throw new InvalidInputException(
                    ErrorCode.TEXT_TOO_LONG,
                    field + " must be at most " + bounds.maxTextLength() + " characters, got " + text.length(),
                    field);
        }
        Names.requireWellFormed(text, field);
    }

    static void requireId(String id, String field) {
        if (id.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " cannot be empty", field);
        }
        if (id.length() > MAX_ID) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    field + " must be at most " + MAX_ID + " characters, got " + id.length(),
                    field);
        }
        Names.requirePrintable(id, field);
    }
}
