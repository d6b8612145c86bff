package com.akidb.grpc;

import com.akidb.collection.Document;
import com.akidb.collection.DocumentChange;
import com.akidb.collection.DocumentPage;
import com.akidb.collection.InsertedDocument;
import com.akidb.collection.NewDocument;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.grpc.proto.collection.InsertDocumentsResponse;
import com.akidb.grpc.proto.collection.ListDocumentsRequest;
import com.akidb.grpc.proto.collection.ListDocumentsResponse;
import com.akidb.grpc.proto.collection.UpdateDocumentRequest;
import com.akidb.grpc.proto.collection.UpdateDocumentsRequest;
import com.akidb.query.Predicate;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Documents as messages of {@code collection.proto}, and back. */
final class DocumentMessages {

    private static final int DEFAULT_LIMIT = 100;

    private DocumentMessages() {}

    /** @param place put before the names of fields, such as {@code documents[3].} */
    static NewDocument document(com.akidb.grpc.proto.collection.NewDocument message, String place) {
        return new NewDocument(
                id(message, place),
                message.getText(),
                message.getVectorCount() == 0 ? null : Floats.array(message.getVectorList()),
                metadata(
                        message.hasMetadata() ? message.getMetadata() : null,
                        message.hasMetadataJson() ? message.getMetadataJson() : null,
                        place + "metadata"));
    }

    private static @Nullable String id(com.akidb.grpc.proto.collection.NewDocument message, String place) {
        if (!message.hasExternalId()) {
            return message.hasId() ? message.getId() : null;
        }
        if (message.hasId() && !message.getId().equals(message.getExternalId())) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    place + "id and " + place + "external_id name the same thing and must be equal",
                    place + "external_id");
        }
        return message.getExternalId();
    }

    static List<NewDocument> documents(List<com.akidb.grpc.proto.collection.NewDocument> messages) {
        List<NewDocument> documents = new ArrayList<>(messages.size());
        for (com.akidb.grpc.proto.collection.NewDocument message : messages) {
            documents.add(document(message, "documents[" + documents.size() + "]."));
        }
        return documents;
    }

    private static @Nullable String metadata(@Nullable Value value, @Nullable String text, String field) {
        JsonNode metadata = ProtoJson.node(value, text, field);
        return metadata == null || metadata.isNull() ? null : ProtoJson.text(metadata);
    }

    /** The documents that a filter or ids choose. */
    static RowSelection selection(@Nullable Predicate where, List<String> ids) {
        if (!ids.isEmpty() && where != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "ids cannot be used together with filter; use one of them", "ids");
        }
        if (ids.isEmpty() && where == null) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD,
                    "filter is missing, and so is ids; an empty list as filter means all documents",
                    "filter");
        }
        return where == null ? new RowSelection.Keys(List.copyOf(ids)) : new RowSelection.Where(where);
    }

    static DocumentChange change(UpdateDocumentRequest message) {
        return new DocumentChange(
                message.hasText() ? message.getText() : null,
                message.getVectorCount() == 0 ? null : Floats.array(message.getVectorList()),
                message.hasMetadata() || message.hasMetadataJson(),
                metadata(
                        message.hasMetadata() ? message.getMetadata() : null,
                        message.hasMetadataJson() ? message.getMetadataJson() : null,
                        "metadata"));
    }

    static DocumentChange change(UpdateDocumentsRequest message) {
        return new DocumentChange(
                null,
                null,
                message.hasMetadata() || message.hasMetadataJson(),
                metadata(
                        message.hasMetadata() ? message.getMetadata() : null,
                        message.hasMetadataJson() ? message.getMetadataJson() : null,
                        "metadata"));
    }

    static OnConflict onConflict(String name) {
        return switch (name) {
            case "", "upsert" -> OnConflict.REPLACE;
            case "error" -> OnConflict.ERROR;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Unknown on_conflict '" + name + "'; known are upsert, error",
                        "on_conflict");
        };
    }

    static int limit(ListDocumentsRequest message) {
        return message.hasLimit() ? CollectionMessages.atMostInt(message.getLimit()) : DEFAULT_LIMIT;
    }

    static com.akidb.grpc.proto.collection.InsertedDocument inserted(InsertedDocument inserted) {
        return com.akidb.grpc.proto.collection.InsertedDocument.newBuilder()
                .setId(inserted.id())
                .setVectorGenerated(inserted.vectorGenerated())
                .build();
    }

    static InsertDocumentsResponse inserted(List<InsertedDocument> inserted) {
        return InsertDocumentsResponse.newBuilder()
                .addAllResults(inserted.stream().map(DocumentMessages::inserted).toList())
                .build();
    }

    static com.akidb.grpc.proto.collection.Document document(Document document) {
        com.akidb.grpc.proto.collection.Document.Builder message = com.akidb.grpc.proto.collection.Document.newBuilder()
                .setId(document.id())
                .setText(document.text());
        if (document.metadata() != null) {
            message.setMetadata(ProtoJson.value(document.metadata())).setMetadataJson(document.metadata());
        }
        if (document.vector() != null) {
            for (float value : document.vector()) {
                message.addVector(value);
            }
        }
        return message.build();
    }

    static ListDocumentsResponse page(DocumentPage page) {
        return ListDocumentsResponse.newBuilder()
                .addAllDocuments(page.documents().stream()
                        .map(DocumentMessages::document)
                        .toList())
                .setNextCursor(page.nextCursor() == null ? "" : page.nextCursor())
                .build();
    }
}
