package com.akidb.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Rights;
import com.akidb.error.ErrorCode;
import com.akidb.error.OverloadedException;
import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.CreateCollectionRequest;
import com.akidb.grpc.proto.collection.DeleteDocumentRequest;
import com.akidb.grpc.proto.collection.InsertDocumentsRequest;
import com.akidb.grpc.proto.collection.NewDocument;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.akidb.grpc.proto.embedding.EmbeddingRequest;
import com.akidb.grpc.proto.embedding.EmbeddingServiceGrpc;
import com.akidb.security.ApiKeys;
import com.akidb.security.Audit;
import com.akidb.security.Quota;
import com.akidb.security.RequestRate;
import com.akidb.security.RightsJson;
import com.akidb.security.Scope;
import com.akidb.security.TestGates;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gRPC services at a server with API keys. */
class GrpcKeysTests {

    private static final List<MethodDescriptor<?, ?>> METHODS = Stream.of(
                    EmbeddingServiceGrpc.getServiceDescriptor(), CollectionServiceGrpc.getServiceDescriptor())
            .flatMap(service -> service.getMethods().stream())
            .toList();

    @TempDir
    private Path data;

    private GrpcServerFixture server;
    private Audit audit;
    private String reader;
    private String admin;

    @BeforeEach
    void start() throws Exception {
        reader = key("reader", null, Scope.READ);
        admin = key("admin", null, Scope.ADMIN);
        audit = TestGates.audit(data);
        Quota quota = (caller, route, unit, amount) -> {
            if (unit == Quota.Unit.TEXTS && amount > 2) {
                throw new OverloadedException(ErrorCode.QUOTA_EXCEEDED, "No more texts today", Duration.ofHours(1));
            }
        };
        server = new GrpcServerFixture(new KeyInterceptor(TestGates.gate(data, quota), audit));
    }

    @AfterEach
    void stop() {
        server.close();
        audit.close();
    }

    private String key(String name, @Nullable RequestRate rate, Scope scope) {
        return new ApiKeys(data, InstantSource.system())
                .create(name, Set.of(scope), null, rate)
                .text();
    }

    private Channel with(String header, String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
        return ClientInterceptors.intercept(server.channel(), MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    /** Calls a method with an empty message. */
    private static <Q, A> Status call(Channel channel, MethodDescriptor<Q, A> method) {
        try {
            Q empty = method.parseRequest(new ByteArrayInputStream(new byte[0]));
            ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, empty);
            return Status.OK;
        } catch (StatusRuntimeException refused) {
            return refused.getStatus();
        }
    }

    @Test
    void everyMethodSaysWhichScopeItNeeds() {
        assertThat(METHODS).hasSizeGreaterThan(8);
        assertThat(MethodScopes.SCOPES)
                .containsOnlyKeys(METHODS.stream()
                        .map(MethodDescriptor::getFullMethodName)
                        .toList());
    }

    @Test
    void letsNobodyCallAnyMethodWithoutAKeyThatMay() {
        Channel wrong = with("authorization", "Bearer akidb_00000000_" + "A".repeat(43));
        Channel reading = with("authorization", "Bearer " + reader);
        for (MethodDescriptor<?, ?> method : METHODS) {
            assertThat(call(server.channel(), method).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(call(wrong, method).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            Scope scope = MethodScopes.of(method);
            Status read = call(reading, method);
            if (scope == Scope.READ) {
                assertThat(read.getCode()).isNotIn(Status.Code.UNAUTHENTICATED, Status.Code.PERMISSION_DENIED);
            } else {
                assertThat(read.getCode()).as(method.getFullMethodName()).isEqualTo(Status.Code.PERMISSION_DENIED);
                assertThat(read.getDescription())
                        .contains("the scope " + Objects.requireNonNull(scope).wireName());
            }
        }
    }

    @Test
    void refusesCallersWhoMaySeeAPartOfTheDataWhatWouldTellOfMore() throws Exception {
        Rights none = RightsJson.parse("{\"notes\": {}}", "tables");
        String limited = new ApiKeys(data, InstantSource.system())
                .create("limited", Set.of(Scope.READ, Scope.WRITE), null, null, none)
                .text();
        server.close();
        server = new GrpcServerFixture(new KeyInterceptor(TestGates.gate(data, Quota.NONE), audit));
        Channel asking = with("authorization", "Bearer " + limited);
        List<String> open = METHODS.stream()
                .filter(method -> call(asking, method).getCode() != Status.Code.PERMISSION_DENIED)
                .map(MethodDescriptor::getFullMethodName)
                .toList();
        assertThat(open)
                .containsExactlyInAnyOrder(
                        EmbeddingServiceGrpc.getEmbedMethod().getFullMethodName(),
                        EmbeddingServiceGrpc.getGetModelInfoMethod().getFullMethodName());
    }

    @Test
    void takesTheKeyFromEitherEntryAndRefusesTwo() {
        assertThat(call(with("x-api-key", admin), CollectionServiceGrpc.getListCollectionsMethod()))
                .isEqualTo(Status.OK);
        Metadata two = new Metadata();
        two.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), reader);
        Channel both = ClientInterceptors.intercept(
                with("authorization", "Bearer " + admin), MetadataUtils.newAttachHeadersInterceptor(two));
        assertThat(call(both, CollectionServiceGrpc.getListCollectionsMethod()).getDescription())
                .isEqualTo("Two different API keys came with the request; send one");
    }

    @Test
    void saysWhenToComeBackAfterTooManyCalls() throws Exception {
        String slow = key("slow", new RequestRate(0.001, 1), Scope.READ);
        try (GrpcServerFixture limited =
                new GrpcServerFixture(new KeyInterceptor(TestGates.gate(data, Quota.NONE), audit))) {
            Metadata metadata = new Metadata();
            metadata.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), slow);
            var stub = limited.embeddings().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
            var request = EmbeddingRequest.newBuilder().addTexts("a").build();
            assertThat(stub.embed(request).getEmbeddingsCount()).isEqualTo(1);

            assertThatThrownBy(() -> stub.embed(request)).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetailsList())
                        .anyMatch(any -> any.is(RetryInfo.class));
            });
        }
    }

    @Test
    void asksTheQuotaBeforeTextsAreEmbedded() {
        var stub = EmbeddingServiceGrpc.newBlockingStub(with("x-api-key", reader));
        var three = EmbeddingRequest.newBuilder()
                .addAllTexts(List.of("a", "b", "c"))
                .build();

        assertThatThrownBy(() -> stub.embed(three)).hasMessageContaining("No more texts today");
        assertThat(stub.embed(EmbeddingRequest.newBuilder().addTexts("a").build())
                        .getEmbeddingsCount())
                .isEqualTo(1);
    }

    @Test
    void logsWhoChangedWhatBeforeItAnswers() throws Exception {
        var stub = CollectionServiceGrpc.newBlockingStub(with("x-api-key", admin));
        stub.createCollection(CreateCollectionRequest.newBuilder()
                .setName("notes")
                .setDimension(8)
                .build());
        stub.insertDocuments(InsertDocumentsRequest.newBuilder()
                .setCollection("notes")
                .addDocuments(NewDocument.newBuilder().setText("secret one"))
                .addDocuments(NewDocument.newBuilder().setText("secret two"))
                .build());

        assertThat(Files.readString(data.resolve("audit/audit.log")).lines())
                .hasSize(2)
                .noneMatch(line -> line.contains("secret") || line.contains(admin))
                .anyMatch(line -> line.contains("\"operation\":\"akidb.collection.CollectionService/InsertDocuments\"")
                        && line.contains("\"key\":\"admin\"")
                        && line.contains("\"target\":\"notes\"")
                        && line.contains("\"items\":2")
                        && line.contains("\"outcome\":\"OK\""));
    }

    @Test
    void logsWhoWasRefusedAChangeAndWhy() throws Exception {
        call(with("x-api-key", reader), CollectionServiceGrpc.getInsertDocumentMethod());
        call(server.channel(), CollectionServiceGrpc.getDeleteCollectionMethod());
        call(server.channel(), CollectionServiceGrpc.getListCollectionsMethod());

        audit.close();
        assertThat(Files.readString(data.resolve("audit/refused.log")).lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("\"operation\":\"akidb.collection.CollectionService/InsertDocument\"")
                        && line.contains("\"key\":\"reader\"")
                        && line.contains("\"outcome\":\"PERMISSION_DENIED\"")
                        && line.contains("\"code\":\"FORBIDDEN\""))
                .anyMatch(line -> line.contains("DeleteCollection")
                        && line.contains("\"key\":\"unknown\"")
                        && line.contains("\"outcome\":\"UNAUTHENTICATED\""));
        assertThat(data.resolve("audit/audit.log")).doesNotExist();
    }

    @Test
    void chargesWhatIsEmbeddedAndWrittenAndNotWhatOnlyLooksLikeIt() throws Exception {
        List<String> charged = new CopyOnWriteArrayList<>();
        Quota quota = (caller, route, unit, amount) -> charged.add(unit + " " + amount);
        try (GrpcServerFixture counted =
                new GrpcServerFixture(new KeyInterceptor(TestGates.gate(data, quota), audit))) {
            Metadata metadata = new Metadata();
            metadata.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), admin);
            var key = MetadataUtils.newAttachHeadersInterceptor(metadata);
            var collections =
                    CollectionServiceGrpc.newBlockingStub(counted.channel()).withInterceptors(key);
            collections.createCollection(CreateCollectionRequest.newBuilder()
                    .setName("notes")
                    .setDimension(8)
                    .build());
            collections.insertDocuments(InsertDocumentsRequest.newBuilder()
                    .setCollection("notes")
                    .addDocuments(NewDocument.newBuilder().setId("one").setText("a"))
                    .addDocuments(NewDocument.newBuilder().setText("b").addAllVector(Collections.nCopies(8, 1f)))
                    .build());
            collections.search(SearchRequest.newBuilder()
                    .setCollection("notes")
                    .setQuery("a")
                    .setK(1)
                    .build());
            collections.deleteDocument(DeleteDocumentRequest.newBuilder()
                    .setCollection("notes")
                    .setId("one")
                    .build());
            counted.embeddings()
                    .withInterceptors(key)
                    .embed(EmbeddingRequest.newBuilder().addTexts("a").build());
        }
        charged.removeIf(what -> what.startsWith("REQUESTS"));
        assertThat(charged).containsExactly("ROWS 2", "TEXTS 1", "TEXTS 1", "TEXTS 1");
    }
}
