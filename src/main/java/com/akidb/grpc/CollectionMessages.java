package com.akidb.grpc;

import com.akidb.collection.Collection;
import com.akidb.collection.NewCollection;
import com.akidb.grpc.proto.collection.CreateCollectionRequest;
import com.akidb.vector.Metric;
import com.google.protobuf.Timestamp;

/** Collections as messages of {@code collection.proto}, and back. Empty strings mean the default. */
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
}
