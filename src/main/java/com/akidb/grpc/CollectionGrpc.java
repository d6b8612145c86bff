package com.akidb.grpc;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService;
import com.akidb.concurrent.Futures;
import com.akidb.grpc.proto.collection.Collection;
import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.CountDocumentsRequest;
import com.akidb.grpc.proto.collection.CountDocumentsResponse;
import com.akidb.grpc.proto.collection.CreateCollectionRequest;
import com.akidb.grpc.proto.collection.DeleteCollectionRequest;
import com.akidb.grpc.proto.collection.DeleteCollectionResponse;
import com.akidb.grpc.proto.collection.DeleteDocumentRequest;
import com.akidb.grpc.proto.collection.DeleteDocumentResponse;
import com.akidb.grpc.proto.collection.DeleteDocumentsRequest;
import com.akidb.grpc.proto.collection.DeleteDocumentsResponse;
import com.akidb.grpc.proto.collection.Document;
import com.akidb.grpc.proto.collection.GetCollectionRequest;
import com.akidb.grpc.proto.collection.GetDocumentRequest;
import com.akidb.grpc.proto.collection.GetDocumentsRequest;
import com.akidb.grpc.proto.collection.GetDocumentsResponse;
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
import com.akidb.grpc.proto.collection.UpdateDocumentRequest;
import com.akidb.grpc.proto.collection.UpdateDocumentResponse;
import com.akidb.grpc.proto.collection.UpdateDocumentsRequest;
import com.akidb.grpc.proto.collection.UpdateDocumentsResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
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
                                CollectionMessages.document(request.getDocument(), ""),
                                CollectionMessages.onConflict(request.getOnConflict()),
                                timeout,
                                account),
                        CollectionMessages::inserted));
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
                                CollectionMessages.documents(request.getDocumentsList()),
                                CollectionMessages.onConflict(request.getOnConflict()),
                                timeout,
                                account),
                        CollectionMessages::inserted));
    }

    @Override
    public void getDocument(GetDocumentRequest request, StreamObserver<Document> observer) {
        calls.answerBlocking(
                observer,
                () -> CollectionMessages.document(
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
                () -> CollectionMessages.page(service.documents(
                        request.getCollection(),
                        SearchMessages.filter(
                                request.hasFilter() ? request.getFilter() : null,
                                request.hasFilterJson() ? request.getFilterJson() : null),
                        request.getCursor(),
                        CollectionMessages.limit(request),
                        request.getIncludeVectors())));
    }

    @Override
    public void getDocuments(GetDocumentsRequest request, StreamObserver<GetDocumentsResponse> observer) {
        calls.answerBlocking(
                observer,
                () -> GetDocumentsResponse.newBuilder()
                        .addAllDocuments(service
                                .documents(
                                        request.getCollection(),
                                        List.copyOf(request.getIdsList()),
                                        request.getIncludeVectors())
                                .stream()
                                .map(CollectionMessages::document)
                                .toList())
                        .build());
    }

    @Override
    public void countDocuments(CountDocumentsRequest request, StreamObserver<CountDocumentsResponse> observer) {
        calls.answerBlocking(
                observer,
                () -> CountDocumentsResponse.newBuilder()
                        .setCount(service.count(
                                request.getCollection(),
                                SearchMessages.filter(
                                        request.hasFilter() ? request.getFilter() : null,
                                        request.hasFilterJson() ? request.getFilterJson() : null)))
                        .build());
    }

    @Override
    public void updateDocument(UpdateDocumentRequest request, StreamObserver<UpdateDocumentResponse> observer) {
        Duration timeout = Calls.timeout();
        Account account = KeyInterceptor.account();
        calls.answer(
                observer,
                () -> Futures.then(
                        service.updateDocument(
                                request.getCollection(),
                                request.getId(),
                                CollectionMessages.change(request),
                                timeout,
                                account),
                        done -> UpdateDocumentResponse.getDefaultInstance()));
    }

    @Override
    public void updateDocuments(UpdateDocumentsRequest request, StreamObserver<UpdateDocumentsResponse> observer) {
        Account account = KeyInterceptor.account();
        calls.answer(
                observer,
                () -> Futures.then(
                        service.updateDocuments(
                                request.getCollection(),
                                CollectionMessages.selection(
                                        SearchMessages.filter(
                                                request.hasFilter() ? request.getFilter() : null,
                                                request.hasFilterJson() ? request.getFilterJson() : null),
                                        request.getIdsList()),
                                CollectionMessages.change(request),
                                account),
                        updated -> UpdateDocumentsResponse.newBuilder()
                                .setUpdated(updated)
                                .build()));
    }

    @Override
    public void deleteDocuments(DeleteDocumentsRequest request, StreamObserver<DeleteDocumentsResponse> observer) {
        Account account = KeyInterceptor.account();
        calls.answer(
                observer,
                () -> Futures.then(
                        service.deleteDocuments(
                                request.getCollection(),
                                CollectionMessages.selection(
                                        SearchMessages.filter(
                                                request.hasFilter() ? request.getFilter() : null,
                                                request.hasFilterJson() ? request.getFilterJson() : null),
                                        request.getIdsList()),
                                account),
                        deleted -> DeleteDocumentsResponse.newBuilder()
                                .setDeleted(deleted)
                                .build()));
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
