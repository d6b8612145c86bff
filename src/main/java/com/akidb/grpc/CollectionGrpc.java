package com.akidb.grpc;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService;
import com.akidb.concurrent.Futures;
import com.akidb.grpc.proto.collection.Collection;
import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.CreateCollectionRequest;
import com.akidb.grpc.proto.collection.DeleteCollectionRequest;
import com.akidb.grpc.proto.collection.DeleteCollectionResponse;
import com.akidb.grpc.proto.collection.DeleteDocumentRequest;
import com.akidb.grpc.proto.collection.DeleteDocumentResponse;
import com.akidb.grpc.proto.collection.Document;
import com.akidb.grpc.proto.collection.GetCollectionRequest;
import com.akidb.grpc.proto.collection.GetDocumentRequest;
import com.akidb.grpc.proto.collection.InsertDocumentRequest;
import com.akidb.grpc.proto.collection.InsertDocumentsRequest;
import com.akidb.grpc.proto.collection.InsertDocumentsResponse;
import com.akidb.grpc.proto.collection.InsertedDocument;
import com.akidb.grpc.proto.collection.ListCollectionsRequest;
import com.akidb.grpc.proto.collection.ListCollectionsResponse;
import com.akidb.grpc.proto.collection.ListDocumentsRequest;
import com.akidb.grpc.proto.collection.ListDocumentsResponse;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.akidb.grpc.proto.collection.SearchResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** {@code akidb.collection.CollectionService}. */
final class CollectionGrpc extends CollectionServiceGrpc.CollectionServiceImplBase {

    private final CollectionService service;
    private final Calls calls;

    CollectionGrpc(CollectionService service, Calls calls) {
        this.service = service;
        this.calls = calls;
    }

    @Override
    public void createCollection(CreateCollectionRequest request, StreamObserver<Collection> observer) {
        calls.answerBlocking(
                observer, () -> CollectionMessages.collection(service.create(CollectionMessages.collection(request))));
    }

    @Override
    public void listCollections(ListCollectionsRequest request, StreamObserver<ListCollectionsResponse> observer) {
        calls.answer(
                observer,
                () -> CompletableFuture.completedFuture(ListCollectionsResponse.newBuilder()
                        .addAllCollections(service.list().stream()
                                .map(CollectionMessages::collection)
                                .toList())
                        .build()));
    }

    @Override
    public void getCollection(GetCollectionRequest request, StreamObserver<Collection> observer) {
        calls.answer(
                observer,
                () -> CompletableFuture.completedFuture(
                        CollectionMessages.collection(service.get(request.getCollection()))));
    }

    @Override
    public void deleteCollection(DeleteCollectionRequest request, StreamObserver<DeleteCollectionResponse> observer) {
        calls.answerBlocking(observer, () -> {
            service.delete(request.getCollection());
            return DeleteCollectionResponse.getDefaultInstance();
        });
    }

    @Override
    public void insertDocument(InsertDocumentRequest request, StreamObserver<InsertedDocument> observer) {
        Duration timeout = Calls.timeout();
        Account account = KeyInterceptor.account();
        calls.answer(
                observer,
                () -> Futures.then(
                        service.insert(
                                request.getCollection(),
                                DocumentMessages.document(request.getDocument(), ""),
                                DocumentMessages.onConflict(request.getOnConflict()),
                                timeout,
                                account),
                        DocumentMessages::inserted));
    }

    @Override
    public void insertDocuments(InsertDocumentsRequest request, StreamObserver<InsertDocumentsResponse> observer) {
        Duration timeout = Calls.timeout();
        Account account = KeyInterceptor.account();
        calls.answer(
                observer,
                () -> Futures.then(
                        service.insert(
                                request.getCollection(),
                                DocumentMessages.documents(request.getDocumentsList()),
                                DocumentMessages.onConflict(request.getOnConflict()),
                                timeout,
                                account),
                        DocumentMessages::inserted));
    }

    @Override
    public void getDocument(GetDocumentRequest request, StreamObserver<Document> observer) {
        calls.answerBlocking(
                observer,
                () -> DocumentMessages.document(
                        service.document(request.getCollection(), request.getId(), request.getIncludeVector())));
    }

    @Override
    public void deleteDocument(DeleteDocumentRequest request, StreamObserver<DeleteDocumentResponse> observer) {
        Account account = KeyInterceptor.account();
        calls.answer(
                observer,
                () -> Futures.then(
                        service.deleteDocument(request.getCollection(), request.getId(), account),
                        deleted -> DeleteDocumentResponse.getDefaultInstance()));
    }

    @Override
    public void listDocuments(ListDocumentsRequest request, StreamObserver<ListDocumentsResponse> observer) {
        calls.answerBlocking(
                observer,
                () -> DocumentMessages.page(service.documents(
                        request.getCollection(),
                        null,
                        request.getCursor(),
                        DocumentMessages.limit(request),
                        request.getIncludeVectors())));
    }

    @Override
    public void search(SearchRequest request, StreamObserver<SearchResponse> observer) {
        Duration timeout = Calls.timeout();
        Account account = KeyInterceptor.account();
        calls.answer(
                observer,
                () -> Futures.then(
                        service.search(
                                SearchMessages.search(
                                        request, service.schema(request.getCollection()), timeout, account),
                                !request.hasIncludeMetadata() || request.getIncludeMetadata()),
                        SearchMessages::response));
    }
}
