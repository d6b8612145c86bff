package com.akidb.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.grpc.proto.collection.Collection;
import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.CountDocumentsRequest;
import com.akidb.grpc.proto.collection.CreateCollectionRequest;
import com.akidb.grpc.proto.collection.DeleteCollectionRequest;
import com.akidb.grpc.proto.collection.DeleteDocumentRequest;
import com.akidb.grpc.proto.collection.DeleteDocumentsRequest;
import com.akidb.grpc.proto.collection.Document;
import com.akidb.grpc.proto.collection.EmbeddedQuery;
import com.akidb.grpc.proto.collection.GetCollectionRequest;
import com.akidb.grpc.proto.collection.GetDocumentRequest;
import com.akidb.grpc.proto.collection.GetDocumentsRequest;
import com.akidb.grpc.proto.collection.Group;
import com.akidb.grpc.proto.collection.Hybrid;
import com.akidb.grpc.proto.collection.InsertDocumentRequest;
import com.akidb.grpc.proto.collection.InsertDocumentsRequest;
import com.akidb.grpc.proto.collection.InsertDocumentsResponse;
import com.akidb.grpc.proto.collection.InsertedDocument;
import com.akidb.grpc.proto.collection.ListCollectionsRequest;
import com.akidb.grpc.proto.collection.ListDocumentsRequest;
import com.akidb.grpc.proto.collection.ListDocumentsResponse;
import com.akidb.grpc.proto.collection.Mmr;
import com.akidb.grpc.proto.collection.NewDocument;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.akidb.grpc.proto.collection.SearchResponse;
import com.akidb.grpc.proto.collection.UpdateDocumentRequest;
import com.akidb.grpc.proto.collection.UpdateDocumentsRequest;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectionGrpcTests {

    private static final Value NORTH = Value.newBuilder()
            .setStructValue(Struct.newBuilder()
                    .putFields(
                            "area", Value.newBuilder().setStringValue("north").build())
                    .putFields("depth", Value.newBuilder().setNumberValue(2).build()))
            .build();

    private GrpcServerFixture server;

    @BeforeEach
    void start() throws IOException {
        server = new GrpcServerFixture();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void createsListsGetsAndDeletesCollections() {
        Collection notes = create("notes");
        assertThat(notes.getDimension()).isEqualTo(8);
        assertThat(notes.getMetric()).isEqualTo("cosine");
        assertThat(notes.getModel()).isEqualTo("words");
        assertThat(notes.hasCreatedAt()).isTrue();
        Collection small = server.collections()
                .createCollection(CreateCollectionRequest.newBuilder()
                        .setName("small")
                        .setDimension(2)
                        .setMetric("inner_product")
                        .build());
        assertThat(server.collections()
                        .listCollections(ListCollectionsRequest.getDefaultInstance())
                        .getCollectionsList())
                .containsExactly(notes, small);
        assertThat(server.collections().getCollection(named(notes.getId()))).isEqualTo(notes);
        server.collections()
                .deleteCollection(DeleteCollectionRequest.newBuilder()
                        .setCollection("notes")
                        .build());
        StatusRuntimeException gone =
                refused(Code.NOT_FOUND, () -> server.collections().getCollection(named("notes")));
        assertThat(gone.getStatus().getDescription()).isEqualTo("Collection 'notes' not found");
    }

    @Test
    void refusesCollectionsThatCannotBe() {
        create("notes");
        refused(Code.ALREADY_EXISTS, () -> create("notes"));
        refused(Code.INVALID_ARGUMENT, () -> create(""));
        refused(
                Code.INVALID_ARGUMENT,
                () -> server.collections()
                        .createCollection(CreateCollectionRequest.newBuilder()
                                .setName("x")
                                .setMetric("hamming")
                                .build()));
        StatusRuntimeException large = refused(
                Code.INVALID_ARGUMENT,
                () -> server.collections()
                        .createCollection(CreateCollectionRequest.newBuilder()
                                .setName("x")
                                .setDimension(-1)
                                .build()));
        assertThat(large.getStatus().getDescription()).startsWith("dimension must be 1 to 4096");
    }

    @Test
    void insertsReadsAndDeletesADocument() {
        create("notes");
        InsertedDocument made =
                insert(NewDocument.newBuilder().setText("red fox").setMetadata(NORTH));
        assertThat(made.getVectorGenerated()).isTrue();
        InsertedDocument own = insert(NewDocument.newBuilder()
                .setId("own")
                .setText("x")
                .addAllVector(List.of(1f, 0f, 0f, 0f, 0f, 0f, 0f, 0f)));
        assertThat(own.getId()).isEqualTo("own");
        assertThat(own.getVectorGenerated()).isFalse();

        Document read = server.collections()
                .getDocument(GetDocumentRequest.newBuilder()
                        .setCollection("notes")
                        .setId(made.getId())
                        .setIncludeVector(true)
                        .build());
        assertThat(read.getText()).isEqualTo("red fox");
        assertThat(read.getMetadata()).isEqualTo(NORTH);
        assertThat(read.getVectorCount()).isEqualTo(8);

        DeleteDocumentRequest delete = DeleteDocumentRequest.newBuilder()
                .setCollection("notes")
                .setId("own")
                .build();
        server.collections().deleteDocument(delete);
        refused(Code.NOT_FOUND, () -> server.collections().deleteDocument(delete));
    }

    @Test
    void takesTheCallersIdUnderBothNames() {
        create("notes");
        assertThat(insert(NewDocument.newBuilder().setText("red fox").setExternalId("r-17"))
                        .getId())
                .isEqualTo("r-17");
        assertThat(insert(NewDocument.newBuilder()
                                .setText("red fox")
                                .setId("r-18")
                                .setExternalId("r-18"))
                        .getId())
                .isEqualTo("r-18");
        StatusRuntimeException refused = refused(
                Code.INVALID_ARGUMENT,
                () -> insert(NewDocument.newBuilder()
                        .setText("red fox")
                        .setId("r-19")
                        .setExternalId("r-20")));
        assertThat(refused.getStatus().getDescription())
                .isEqualTo("id and external_id name the same thing and must be equal");
    }

    @Test
    void insertsABatchOrNothing() {
        create("notes");
        InsertDocumentsRequest.Builder batch =
                InsertDocumentsRequest.newBuilder().setCollection("notes");
        for (int i = 0; i < 5; i++) {
            batch.addDocuments(NewDocument.newBuilder().setId("d" + i).setText("text " + i));
        }
        InsertDocumentsResponse inserted = server.collections().insertDocuments(batch.build());
        assertThat(inserted.getResultsList())
                .extracting(InsertedDocument::getId)
                .containsExactly("d0", "d1", "d2", "d3", "d4");

        StatusRuntimeException exists = refused(
                Code.ALREADY_EXISTS,
                () -> server.collections()
                        .insertDocuments(batch.setDocuments(
                                        0, NewDocument.newBuilder().setId("new").setText("x"))
                                .setOnConflict("error")
                                .build()));
        assertThat(exists.getStatus().getDescription()).contains("d1");
        refused(
                Code.INVALID_ARGUMENT,
                () -> server.collections()
                        .insertDocuments(batch.setOnConflict("sometimes").build()));
        StatusRuntimeException blamed = refused(
                Code.INVALID_ARGUMENT,
                () -> server.collections()
                        .insertDocuments(batch.setOnConflict("")
                                .setDocuments(3, NewDocument.newBuilder())
                                .build()));
        assertThat(blamed.getStatus().getDescription()).isEqualTo("documents[3].text cannot be empty");

        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            ListDocumentsResponse page = server.collections()
                    .listDocuments(ListDocumentsRequest.newBuilder()
                            .setCollection("notes")
                            .setCursor(cursor)
                            .setLimit(2)
                            .build());
            page.getDocumentsList().forEach(document -> seen.add(document.getId()));
            cursor = page.getNextCursor();
        } while (!cursor.isEmpty());
        assertThat(seen).containsExactly("d0", "d1", "d2", "d3", "d4");
    }

    @Test
    void findsTheNearestByTextAndByVector() {
        create("notes");
        insert(NewDocument.newBuilder().setId("fox").setText("red fox").setMetadata(NORTH));
        insert(NewDocument.newBuilder().setId("wolf").setText("grey wolf"));
        SearchResponse found = server.collections()
                .search(SearchRequest.newBuilder()
                        .setCollection("notes")
                        .setQuery("fox red")
                        .setIncludeVectors(true)
                        .setExplain(true)
                        .build());
        assertThat(found.getQueryEmbedded()).isTrue();
        assertThat(found.getResultsCount()).isEqualTo(2);
        assertThat(found.getResults(0).getId()).isEqualTo("fox");
        assertThat(found.getResults(0).getText()).isEqualTo("red fox");
        assertThat(found.getResults(0).getMetadata()).isEqualTo(NORTH);
        assertThat(found.getResults(1).hasMetadata()).isFalse();
        assertThat(found.getExplanation().getPlan()).isEqualTo("exact");
        assertThat(found.getExplanation().getSteps(0).getName()).isEqualTo("embed");
        assertThat(found.getExplanation().getEmbedded())
                .isEqualTo(EmbeddedQuery.newBuilder()
                        .setModel("words")
                        .setInputType("query")
                        .build());

        SearchResponse byVector = server.collections()
                .search(SearchRequest.newBuilder()
                        .setCollection("notes")
                        .addAllQueryVector(found.getResults(1).getVectorList())
                        .setK(1)
                        .setThreshold(0.9f)
                        .setIncludeMetadata(false)
                        .build());
        assertThat(byVector.getQueryEmbedded()).isFalse();
        assertThat(byVector.getResultsList()).hasSize(1);
        assertThat(byVector.getResults(0).getId()).isEqualTo("wolf");
        assertThat(byVector.hasExplanation()).isFalse();
    }

    @Test
    void tellsAsWhatTheQueryWasEmbeddedUnlessItNeededNoEmbedding() {
        create("notes");
        insert(NewDocument.newBuilder().setId("fox").setText("red fox"));
        SearchRequest.Builder search =
                SearchRequest.newBuilder().setCollection("notes").setExplain(true);
        assertThat(server.collections()
                        .search(search.setQuery("fox").setInputType("document").build())
                        .getExplanation()
                        .getEmbedded()
                        .getInputType())
                .isEqualTo("document");
        assertThat(server.collections()
                        .search(search.clearQuery().setLike("fox").build())
                        .getExplanation()
                        .hasEmbedded())
                .isFalse();
        assertThat(refusedSearch(search.clearLike().setQuery("fox").setInputType("question")))
                .contains("input_type");
    }

    /** The neighbours of what a double can tell apart, and the ends of what the server keeps as whole numbers. */
    @ParameterizedTest
    @ValueSource(longs = {(1L << 53) + 1, -(1L << 53) - 1, Long.MIN_VALUE, Long.MAX_VALUE, 7})
    void carriesWholeNumbersDigitForDigitInBothDirections(long number) {
        create("notes");
        String json = "{\"n\":" + number + ",\"deep\":[{\"n\":" + number + "}],\"real\":0.10}";
        insert(NewDocument.newBuilder().setId("exact").setText("red fox").setMetadataJson(json));
        insert(NewDocument.newBuilder()
                .setId("next")
                .setText("red fox")
                .setMetadataJson("{\"n\":" + (number == Long.MIN_VALUE ? number + 1 : number - 1) + "}"));

        Document read = get("exact");
        assertThat(read.getMetadataJson()).isEqualTo(json);
        assertThat(read.getMetadata().getStructValue().getFieldsOrThrow("n").getNumberValue())
                .isEqualTo((double) number);
        String filter = "[{\"column\":\"metadata.n\",\"operator\":\"=\",\"value\":" + number + "}]";
        assertThat(server.collections()
                        .search(SearchRequest.newBuilder()
                                .setCollection("notes")
                                .setQuery("fox")
                                .setFilterJson(filter)
                                .build())
                        .getResultsList())
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.getId()).isEqualTo("exact");
                    assertThat(found.getMetadataJson()).isEqualTo(json);
                });
        assertThat(server.collections()
                        .search(SearchRequest.newBuilder()
                                .setCollection("notes")
                                .setQuery("fox")
                                .setGroup(Group.newBuilder().setBy("metadata.n"))
                                .build())
                        .getResultsList())
                .hasSize(2)
                .anyMatch(found -> found.getGroupJson().equals(Long.toString(number)));
        assertThat(server.collections()
                        .listDocuments(ListDocumentsRequest.newBuilder()
                                .setCollection("notes")
                                .setFilterJson(filter)
                                .build())
                        .getDocumentsList())
                .extracting(Document::getMetadataJson)
                .containsExactly(json);
        assertThat(server.collections()
                        .countDocuments(CountDocumentsRequest.newBuilder()
                                .setCollection("notes")
                                .setFilterJson(filter)
                                .build())
                        .getCount())
                .isEqualTo(1);
        assertThat(server.collections()
                        .updateDocuments(UpdateDocumentsRequest.newBuilder()
                                .setCollection("notes")
                                .setFilterJson(filter)
                                .setMetadataJson("[" + number + "]")
                                .build())
                        .getUpdated())
                .isEqualTo(1);
        assertThat(get("exact").getMetadataJson()).isEqualTo("[" + number + "]");
        server.collections()
                .updateDocument(UpdateDocumentRequest.newBuilder()
                        .setCollection("notes")
                        .setId("exact")
                        .setMetadataJson(json)
                        .build());
        assertThat(server.collections()
                        .deleteDocuments(DeleteDocumentsRequest.newBuilder()
                                .setCollection("notes")
                                .setFilterJson(filter)
                                .build())
                        .getDeleted())
                .isEqualTo(1);
        assertThat(get("next").getMetadataJson()).isNotEmpty();
    }

    @Test
    void takesMetadataAsAValueAsTextOrAsBothThatSayTheSame() {
        create("notes");
        String json = "{ \"area\": \"north\", \"depth\": 2 }";
        insert(NewDocument.newBuilder().setId("value").setText("x").setMetadata(NORTH));
        insert(NewDocument.newBuilder().setId("text").setText("x").setMetadataJson(json));
        insert(NewDocument.newBuilder()
                .setId("both")
                .setText("x")
                .setMetadata(NORTH)
                .setMetadataJson(json));
        for (String id : List.of("value", "text", "both")) {
            assertThat(get(id).getMetadata()).as(id).isEqualTo(NORTH);
            assertThat(get(id).getMetadataJson()).as(id).isEqualTo("{\"area\":\"north\",\"depth\":2}");
        }
        server.collections()
                .updateDocument(UpdateDocumentRequest.newBuilder()
                        .setCollection("notes")
                        .setId("text")
                        .setMetadataJson("null")
                        .build());
        assertThat(get("text").hasMetadata()).isFalse();
        assertThat(get("text").hasMetadataJson()).isFalse();

        assertThat(refusedMetadata(NewDocument.newBuilder().setMetadata(NORTH).setMetadataJson("{}")))
                .isEqualTo(
                        "documents[0].metadata and documents[0].metadata_json name the same thing and must be equal");
        for (String broken : List.of(
                "",
                "{",
                "{} {}",
                "{\"a\":1,\"a\":2}",
                "[NaN]",
                "'x'",
                "\"\\ud800\"",
                "[".repeat(65) + "]".repeat(65))) {
            assertThat(refusedMetadata(NewDocument.newBuilder().setMetadataJson(broken)))
                    .as(broken)
                    .startsWith("documents[0].metadata_json ");
        }
        assertThat(refusedSearch(SearchRequest.newBuilder()
                        .setCollection("notes")
                        .setQuery("x")
                        .setFilterJson("{\"column\": 7}")))
                .startsWith("filter_json");
    }

    private String refusedMetadata(NewDocument.Builder document) {
        String message = refused(
                        Code.INVALID_ARGUMENT,
                        () -> server.collections()
                                .insertDocuments(InsertDocumentsRequest.newBuilder()
                                        .setCollection("notes")
                                        .addDocuments(document.setText("x"))
                                        .build()))
                .getStatus()
                .getDescription();
        return message == null ? "" : message;
    }

    private Document get(String id) {
        return server.collections()
                .getDocument(GetDocumentRequest.newBuilder()
                        .setCollection("notes")
                        .setId(id)
                        .build());
    }

    @Test
    void refusesLargeAnswersWhileOthersThatNobodyReadsFillTheMemory() {
        create("notes");
        insert(NewDocument.newBuilder().setId("large").setText("x".repeat(900_000)));
        GetDocumentRequest large = GetDocumentRequest.newBuilder()
                .setCollection("notes")
                .setId("large")
                .build();
        ManagedChannel slow = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .initialFlowControlWindow(65_535)
                .build();
        try {
            ClientCall<GetDocumentRequest, Document> unread =
                    slow.newCall(CollectionServiceGrpc.getGetDocumentMethod(), CallOptions.DEFAULT);
            unread.start(new ClientCall.Listener<>() {}, new Metadata());
            unread.sendMessage(large);
            unread.halfClose();
            Awaitility.await().until(() -> server.answers.held() > 900_000);

            StatusRuntimeException full =
                    refused(Code.RESOURCE_EXHAUSTED, () -> server.collections().getDocument(large));
            assertThat(full.getStatus().getDescription()).contains("have not read yet");
            assertThat(server.collections().listCollections(ListCollectionsRequest.getDefaultInstance()))
                    .isNotNull();

            unread.cancel("enough", null);
            Awaitility.await().until(() -> server.answers.held() == 0);
            assertThat(get("large").getText()).hasSize(900_000);
            Awaitility.await().until(() -> server.answers.held() == 0);
        } finally {
            slow.shutdownNow();
        }
    }

    @Test
    void endsCallsWhoseAnswerNobodyReads() throws IOException {
        server.close();
        server = new GrpcServerFixture(
                new GrpcSettings(1_000, 256, Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(2)));
        create("notes");
        insert(NewDocument.newBuilder().setId("large").setText("x".repeat(900_000)));
        ManagedChannel slow = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .initialFlowControlWindow(65_535)
                .build();
        try {
            for (CallOptions options :
                    List.of(CallOptions.DEFAULT, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.HOURS))) {
                ClientCall<GetDocumentRequest, Document> unread =
                        slow.newCall(CollectionServiceGrpc.getGetDocumentMethod(), options);
                unread.start(new ClientCall.Listener<>() {}, new Metadata());
                unread.sendMessage(GetDocumentRequest.newBuilder()
                        .setCollection("notes")
                        .setId("large")
                        .build());
                unread.halfClose();
                Awaitility.await().until(() -> server.answers.held() > 900_000);
                Awaitility.await().until(() -> server.answers.held() == 0);
            }
        } finally {
            slow.shutdownNow();
        }
    }

    @Test
    void refusesSearchesThatCannotBeDone() {
        create("notes");
        SearchRequest.Builder search = SearchRequest.newBuilder().setCollection("notes");
        assertThat(refusedSearch(search)).isEqualTo("query or query_vector is required");
        assertThat(refusedSearch(search.setQuery("x").setK(-1))).startsWith("k must be 1 to 1000");
        assertThat(refusedSearch(search.setK(1).setFilter(Value.newBuilder().setNumberValue(7))))
                .startsWith("filter must be a condition");
        assertThat(refusedSearch(search.setFilter(Value.newBuilder()))).contains("without a kind");
        assertThat(refusedSearch(search.clearFilter().addQueryVector(1)))
                .isEqualTo("Vector dimension mismatch: got 1, expected 8");
    }

    @Test
    void refusesAMessageThatIsTooLarge() {
        create("notes");
        refused(Code.RESOURCE_EXHAUSTED, () -> insert(NewDocument.newBuilder().setText("x".repeat(1 << 20))));
    }

    private String refusedSearch(SearchRequest.Builder search) {
        String message = refused(
                        Code.INVALID_ARGUMENT, () -> server.collections().search(search.build()))
                .getStatus()
                .getDescription();
        return message == null ? "" : message;
    }

    @Test
    void offersWhatTablesHave() {
        create("face");
        for (String[] each : new String[][] {{"x", "fox red"}, {"y", "fox grey"}, {"z", "wolf"}}) {
            server.collections()
                    .insertDocument(InsertDocumentRequest.newBuilder()
                            .setCollection("face")
                            .setDocument(NewDocument.newBuilder()
                                    .setId(each[0])
                                    .setText(each[1])
                                    .setMetadata(NORTH))
                            .build());
        }
        Value empty =
                Value.newBuilder().setListValue(ListValue.getDefaultInstance()).build();

        SearchResponse like = server.collections()
                .search(SearchRequest.newBuilder()
                        .setCollection("face")
                        .setLike("x")
                        .setMmr(Mmr.newBuilder().setLambda(0.5f))
                        .build());
        assertThat(like.getResultsList())
                .hasSize(2)
                .noneMatch(result -> result.getId().equals("x"));
        SearchResponse grouped = server.collections()
                .search(SearchRequest.newBuilder()
                        .setCollection("face")
                        .setQuery("fox")
                        .setInputType("document")
                        .setExact(true)
                        .setGroup(Group.newBuilder().setBy("metadata.area").setSize(2))
                        .build());
        assertThat(grouped.getResultsList())
                .hasSize(2)
                .allMatch(result -> result.getGroup().getStringValue().equals("north"));
        SearchRequest hybrid = SearchRequest.newBuilder()
                .setCollection("face")
                .setQuery("fox")
                .setHybrid(Hybrid.getDefaultInstance())
                .build();
        assertThat(refused(Code.INVALID_ARGUMENT, () -> server.collections().search(hybrid))
                        .getMessage())
                .contains("text-index");
        assertThat(server.collections()
                        .getDocuments(GetDocumentsRequest.newBuilder()
                                .setCollection("face")
                                .addAllIds(List.of("z", "none", "x"))
                                .build())
                        .getDocumentsList())
                .extracting(Document::getId)
                .containsExactly("z", "x");
        assertThat(server.collections()
                        .updateDocuments(UpdateDocumentsRequest.newBuilder()
                                .setCollection("face")
                                .addIds("z")
                                .setMetadata(Value.newBuilder().setNumberValue(7))
                                .build())
                        .getUpdated())
                .isEqualTo(1);
        server.collections()
                .updateDocument(UpdateDocumentRequest.newBuilder()
                        .setCollection("face")
                        .setId("z")
                        .setText("whale")
                        .build());
        assertThat(server.collections()
                        .countDocuments(CountDocumentsRequest.newBuilder()
                                .setCollection("face")
                                .build())
                        .getCount())
                .isEqualTo(3);
        assertThat(server.collections()
                        .deleteDocuments(DeleteDocumentsRequest.newBuilder()
                                .setCollection("face")
                                .setFilter(empty)
                                .build())
                        .getDeleted())
                .isEqualTo(3);
    }

    private Collection create(String name) {
        return server.collections()
                .createCollection(
                        CreateCollectionRequest.newBuilder().setName(name).build());
    }

    private InsertedDocument insert(NewDocument.Builder document) {
        return server.collections()
                .insertDocument(InsertDocumentRequest.newBuilder()
                        .setCollection("notes")
                        .setDocument(document)
                        .build());
    }

    private static GetCollectionRequest named(String collection) {
        return GetCollectionRequest.newBuilder().setCollection(collection).build();
    }

    private static StatusRuntimeException refused(Code code, ThrowingCallable call) {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getCode()).as(refused.toString()).isEqualTo(code);
        return refused;
    }
}
