package com.akidb.grpc;

import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.embedding.EmbeddingServiceGrpc;
import com.akidb.security.Scope;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthGrpc;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which scope of an API key each gRPC method needs. A method that is not here needs {@link Scope#ADMIN}, so that a new one
 * is never open by mistake; a test holds the table to the services.
 */
final class MethodScopes {

    /** Services that show nothing of anybody's data. */
    private static final Set<String> OPEN = Set.of(
            HealthGrpc.SERVICE_NAME, "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection");

    static final Map<String, Scope> SCOPES = Map.ofEntries(
            of(EmbeddingServiceGrpc.getEmbedMethod(), Scope.READ),
            of(EmbeddingServiceGrpc.getGetModelInfoMethod(), Scope.READ),
            of(CollectionServiceGrpc.getCreateCollectionMethod(), Scope.ADMIN),
            of(CollectionServiceGrpc.getListCollectionsMethod(), Scope.READ),
            of(CollectionServiceGrpc.getGetCollectionMethod(), Scope.READ),
            of(CollectionServiceGrpc.getDeleteCollectionMethod(), Scope.ADMIN),
            of(CollectionServiceGrpc.getInsertDocumentMethod(), Scope.WRITE),
            of(CollectionServiceGrpc.getInsertDocumentsMethod(), Scope.WRITE),
            of(CollectionServiceGrpc.getGetDocumentMethod(), Scope.READ),
            of(CollectionServiceGrpc.getDeleteDocumentMethod(), Scope.WRITE),
            of(CollectionServiceGrpc.getListDocumentsMethod(), Scope.READ),
            of(CollectionServiceGrpc.getGetDocumentsMethod(), Scope.READ),
            of(CollectionServiceGrpc.getCountDocumentsMethod(), Scope.READ),
            of(CollectionServiceGrpc.getUpdateDocumentMethod(), Scope.WRITE),
            of(CollectionServiceGrpc.getUpdateDocumentsMethod(), Scope.WRITE),
            of(CollectionServiceGrpc.getDeleteDocumentsMethod(), Scope.WRITE),
            of(CollectionServiceGrpc.getSearchMethod(), Scope.READ));

    /** Those that show nothing of anybody's tables, and so are for callers too who may see only some of them. */
    private static final Set<String> OPEN_TO_LIMITED = Set.of(
            EmbeddingServiceGrpc.getEmbedMethod().getFullMethodName(),
            EmbeddingServiceGrpc.getGetModelInfoMethod().getFullMethodName());

    private MethodScopes() {}

    /** Whether a method is for callers who may see only a part of the data. */
    static boolean isOpenToLimited(MethodDescriptor<?, ?> method) {
        return OPEN_TO_LIMITED.contains(method.getFullMethodName());
    }

    private static Map.Entry<String, Scope> of(MethodDescriptor<?, ?> method, Scope scope) {
        return Map.entry(method.getFullMethodName(), scope);
    }

    /** The scope that a method needs; null if nobody needs a key for it. */
    static @Nullable Scope of(MethodDescriptor<?, ?> method) {
        return OPEN.contains(String.valueOf(method.getServiceName()))
                ? null
                : SCOPES.getOrDefault(method.getFullMethodName(), Scope.ADMIN);
    }
}
