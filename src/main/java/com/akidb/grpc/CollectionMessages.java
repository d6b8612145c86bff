package com.akidb.grpc;

import com.akidb.collection.CollectionService;
import com.akidb.collection.CollectionService.Collection;
import com.akidb.collection.CollectionService.Document;
import com.akidb.collection.CollectionService.DocumentChange;
import com.akidb.collection.CollectionService.DocumentPage;
import com.akidb.collection.CollectionService.InsertedDocument;
import com.akidb.collection.CollectionService.NewCollection;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.grpc.proto.collection.CreateCollectionRequest;
import com.akidb.grpc.proto.collection.InsertDocumentsResponse;
import com.akidb.grpc.proto.collection.ListDocumentsRequest;
import com.akidb.grpc.proto.collection.ListDocumentsResponse;
import com.akidb.grpc.proto.collection.UpdateDocumentRequest;
import com.akidb.grpc.proto.collection.UpdateDocumentsRequest;
import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Collections and documents as messages of {@code collection.proto}, and back. Empty strings mean the default. */
final class CollectionMessages {

    private CollectionMessages() {}

    static NewCollection collection(CreateCollectionRequest message) {
        return new NewCollection(
                message.getName(),
                message.hasDimension() ? atMostInt(message.getDimension()) : null,
                message.getMetric().isEmpty() ? Metric.COSINE : Metric.parse(message.getMetric(), "metric"),
                message.getModel().isEmpty() ? null : message.getModel(),
                message.getTextIndex());
    }

    static com.akidb.grpc.proto.collection.Collection collection(Collection collection) {
        return com.akidb.grpc.proto.collection.Collection.newBuilder()
                .setId(collection.id().toString())
                .setName(collection.name())
                .setDimension(collection.dimension())
                .setMetric(collection.metric().wireName())
                .setModel(collection.model())
                .setDocumentCount(collection.documentCount())
                .setCreatedAt(Timestamp.newBuilder()
                        .setSeconds(collection.createdAt().getEpochSecond())
                        .setNanos(collection.createdAt().getNano()))
                .build();
    }

    /** A uint32 as an int; what does not fit becomes the largest, which is out of every range. */
    static int atMostInt(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }

    private static final int DEFAULT_LIMIT = 100;

    /** @param place put before the names of fields, such as {@code documents[3].} */
    static NewDocument document(com.akidb.grpc.proto.collection.NewDocument message, String place) {
        return new NewDocument(
                NewDocument.id(
                        message.hasId() ? message.getId() : null,
                        message.hasExternalId() ? message.getExternalId() : null,
                        place),
                message.getText(),
                message.getVectorCount() == 0 ? null : floats(message.getVectorList()),
                metadata(
                        message.hasMetadata() ? message.getMetadata() : null,
                        message.hasMetadataJson() ? message.getMetadataJson() : null,
                        place + "metadata"));
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
        return CollectionService.selection(where, ids.isEmpty() ? null : List.copyOf(ids));
    }

    static DocumentChange change(UpdateDocumentRequest message) {
        return new DocumentChange(
                message.hasText() ? message.getText() : null,
                message.getVectorCount() == 0 ? null : floats(message.getVectorList()),
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
        return CollectionService.onConflict(name.isEmpty() ? "upsert" : name);
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
                .addAllResults(
                        inserted.stream().map(CollectionMessages::inserted).toList())
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
                        .map(CollectionMessages::document)
                        .toList())
                .setNextCursor(page.nextCursor() == null ? "" : page.nextCursor())
                .build();
    }

    static float[] floats(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }
}
