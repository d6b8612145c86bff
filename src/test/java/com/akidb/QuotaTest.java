package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.ErrorCode;
import com.akidb.error.OverloadedException;
import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.InsertDocumentRequest;
import com.akidb.grpc.proto.collection.NewDocument;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.akidb.grpc.proto.embedding.EmbeddingRequest;
import com.akidb.grpc.proto.embedding.EmbeddingServiceGrpc;
import com.akidb.security.Caller;
import com.akidb.security.Quota;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every way to have texts embedded or rows written, at a whole server with a quota. */
class QuotaTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LINES = "/api/v1/tables/lines";
    private static final String COMPUTED = LINES + "/columns/computed/vec";

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext server;
    private static ManagedChannel channel;
    private static String rest;
    private static Allowance allowance;

    /** So many texts and rows, and no more. */
    static final class Allowance implements Quota {

        final AtomicLong texts = new AtomicLong();
        final AtomicLong rows = new AtomicLong();

        @Override
        public void charge(Caller caller, String route, Unit unit, long amount) {
            AtomicLong left = unit == Unit.TEXTS ? texts : rows;
            if (unit != Unit.REQUESTS && left.addAndGet(-amount) < 0) {
                left.addAndGet(amount);
                throw new OverloadedException(ErrorCode.QUOTA_EXCEEDED, "No more " + unit, Duration.ofHours(1));
            }
        }
    }

    /** A way to use the server, and what it uses. */
    private record Way(String name, Request request, long texts, long rows) {}

    private interface Request {
        /** @return whether it was done; false if the quota refused it */
        boolean send() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        server = new SpringApplication(AkidbApplication.class, Allowance.class)
                .run(
                        "--server.port=0",
                        "--spring.grpc.server.port=0",
                        "--akidb.data-dir=" + data,
                        "--spring.main.register-shutdown-hook=false");
        rest = "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port");
        channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", server.getBean(GrpcServerLifecycle.class).getPort())
                .usePlaintext()
                .build();
        allowance = server.getBean(Allowance.class);
        allow(1_000, 1_000);
        rest("POST", "/collections", "{\"name\": \"notes\"}");
        rest("POST", "/collections/notes/documents", "{\"id\": \"first\", \"text\": \"the first\"}");
        rest("POST", "/api/v1/tables", """
            {"name": "lines", "primary_key": "id",
             "columns": [{"name": "id", "type": "string"}, {"name": "line", "type": "string"}]}\
            """);
        rest("POST", LINES + "/rows", "{\"rows\": [{\"id\": \"first\", \"line\": \"the first\"}]}");
        rest("POST", LINES + "/columns/computed/embedding", computed("vec"));
        rest("POST", LINES + "/rows", "{\"rows\": [{\"id\": \"still\", \"line\": \"it stays\"}]}");
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        server.close();
    }

    @BeforeEach
    void plenty() {
        allow(1_000, 1_000);
    }

    private static void allow(long texts, long rows) {
        allowance.texts.set(texts);
        allowance.rows.set(rows);
    }

    private static String computed(String name) {
        return "{\"name\": \"" + name + "\", \"source_column\": \"line\", \"model\": \"all-minilm-l6-v2\"}";
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(rest + path))
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static boolean rest(String method, String path, String body) throws Exception {
        HttpResponse<String> response = send(method, path, body);
        if (response.statusCode() == 429) {
            JsonNode problem = JSON.readTree(response.body());
            assertThat(problem.path("code").asString(problem.at("/error/code").asString("")))
                    .isEqualToIgnoringCase("QUOTA_EXCEEDED");
            assertThat(response.headers().firstValue("Retry-After")).contains("3600");
            return false;
        }
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return true;
    }

    private static boolean grpc(Runnable call) {
        try {
            call.run();
            return true;
        } catch (StatusRuntimeException refused) {
            assertThat(refused.getStatus().getCode()).as(refused.toString()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            return false;
        }
    }

    private static Way post(String name, String path, String body, long texts, long rows) {
        return new Way(name, () -> rest("POST", path, body), texts, rows);
    }

    private static Stream<Way> ways() {
        AtomicInteger columns = new AtomicInteger();
        String similar = "{\"column\": \"vec\", \"query\": \"a question\"}";
        return Stream.of(
                post("embed", "/embed", "{\"texts\": [\"a\", \"b\"]}", 2, 0),
                post("embed cached texts", "/embed", "{\"texts\": [\"a\", \"a\"]}", 2, 0),
                post("OpenAI's dialect", "/v1/embeddings", "{\"input\": \"a\", \"model\": \"all-minilm-l6-v2\"}", 1, 0),
                post("generate", "/api/v1/embeddings/generate", "{\"text\": [\"a\", \"b\"]}", 2, 0),
                post("insert a document", "/collections/notes/documents", "{\"text\": \"one\"}", 1, 1),
                post(
                        "insert documents",
                        "/api/v1/collections/notes/documents",
                        "{\"documents\": [{\"text\": \"two\"}, {\"text\": \"own\", \"vector\": " + vector() + "}]}",
                        1,
                        2),
                post("search a collection by text", "/collections/notes/search", "{\"query\": \"a question\"}", 1, 0),
                post(
                        "search a collection by vector",
                        "/collections/notes/search",
                        "{\"query_vector\": " + vector() + "}",
                        0,
                        0),
                post(
                        "insert rows",
                        LINES + "/rows",
                        "{\"on_conflict\": \"replace\", \"rows\": [{\"id\": \"b\", \"line\": \"bb\"}, {\"id\":"
                                + " \"c\"}]}",
                        1,
                        2),
                post(
                        "insert rows that are embedded later",
                        LINES + "/rows",
                        "{\"on_conflict\": \"replace\", \"embed\": \"async\","
                                + " \"rows\": [{\"id\": \"d\", \"line\": \"dd\"}, {\"id\": \"e\", \"line\": \"ee\"}]}",
                        2,
                        2),
                new Way(
                        "change a row",
                        () -> rest("PATCH", LINES + "/rows/first", "{\"values\": {\"line\": \"changed\"}}"),
                        1,
                        1),
                new Way(
                        "change a row that is embedded later",
                        () -> rest(
                                "PATCH",
                                LINES + "/rows/first",
                                "{\"embed\": \"async\", \"values\": {\"line\": \"changed again\"}}"),
                        1,
                        1),
                post("similarity", LINES + "/search/similarity", similar, 1, 0),
                post(
                        "rows like one",
                        LINES + "/search/similarity",
                        "{\"column\": \"vec\", \"like\": {\"key\": \"still\"}}",
                        0,
                        0),
                post("a query by similarity", LINES + "/query", "{\"similarity\": " + similar + "}", 1, 0),
                post("SQL", "/sql", "{\"query\": \"select id, similarity(vec, 'a question') from lines\"}", 1, 0),
                post(
                        "SQL over a collection",
                        "/api/v1/sql",
                        "{\"query\": \"select id from notes order by similarity(vector, ?) desc limit 1\","
                                + " \"params\": [\"a question\"]}",
                        1,
                        0),
                post("refresh", COMPUTED + "/refresh", "{\"where\": {\"text\": \"id = 'first'\"}}", 1, 0),
                post("retry", COMPUTED + "/retry", "", 0, 0),
                new Way(
                        "gRPC: embed",
                        () -> grpc(() -> EmbeddingServiceGrpc.newBlockingStub(channel)
                                .embed(EmbeddingRequest.newBuilder()
                                        .addTexts("a")
                                        .addTexts("b")
                                        .build())),
                        2,
                        0),
                new Way(
                        "gRPC: insert",
                        () -> grpc(() -> CollectionServiceGrpc.newBlockingStub(channel)
                                .insertDocument(InsertDocumentRequest.newBuilder()
                                        .setCollection("notes")
                                        .setDocument(NewDocument.newBuilder().setText("three"))
                                        .build())),
                        1,
                        1),
                new Way(
                        "gRPC: search",
                        () -> grpc(() -> CollectionServiceGrpc.newBlockingStub(channel)
                                .search(SearchRequest.newBuilder()
                                        .setCollection("notes")
                                        .setQuery("a question")
                                        .setK(1)
                                        .build())),
                        1,
                        0),
                new Way(
                        "a computed column over rows that are there",
                        () -> rest(
                                "POST",
                                LINES + "/columns/computed/embedding",
                                computed("v" + columns.incrementAndGet())),
                        -1,
                        0));
    }

    private static String vector() {
        return "[1" + ", 0".repeat(383) + "]";
    }

    @TestFactory
    Stream<DynamicTest> everyWayUsesUpWhatItEmbedsAndWrites() {
        return ways().filter(way -> way.texts >= 0)
                .map(way -> DynamicTest.dynamicTest(way.name, () -> {
                    allow(1_000, 1_000);
                    assertThat(way.request.send()).isTrue();
                    assertThat(1_000 - allowance.texts.get()).as("texts").isEqualTo(way.texts);
                    assertThat(1_000 - allowance.rows.get()).as("rows").isEqualTo(way.rows);
                }));
    }

    @TestFactory
    Stream<DynamicTest> noWayPassesAUsedUpQuotaOfTextsBy() {
        return ways().map(way -> DynamicTest.dynamicTest(way.name, () -> {
            allow(0, 1_000);
            assertThat(way.request.send()).isEqualTo(way.texts == 0);
        }));
    }

    @Test
    void aComputedColumnIsChargedForTheTextsThatItFinds() throws Exception {
        rest("POST", "/api/v1/tables", """
            {"name": "verses", "primary_key": "id",
             "columns": [{"name": "id", "type": "string"}, {"name": "line", "type": "string"}]}\
            """);
        rest("POST", "/api/v1/tables/verses/rows", """
            {"rows": [{"id": "a", "line": "one"}, {"id": "b", "line": "two"}, {"id": "c", "line": null}]}\
            """);
        rest("POST", "/api/v1/tables/verses/columns/computed/embedding", computed("vec"));
        assertThat(1_000 - allowance.texts.get()).isEqualTo(2);
    }

    @Test
    void nothingIsWrittenThatTheQuotaRefuses() throws Exception {
        allow(0, 1_000);
        rest("POST", LINES + "/rows", "{\"rows\": [{\"id\": \"refused\", \"line\": \"refused\"}]}");
        rest("POST", "/collections/notes/documents", "{\"id\": \"refused\", \"text\": \"refused\"}");
        allow(1_000, 0);
        rest("POST", LINES + "/rows", "{\"rows\": [{\"id\": \"refused\", \"line\": \"refused\"}]}");
        rest("POST", "/collections/notes/documents", "{\"id\": \"refused\", \"text\": \"refused\"}");
        assertThat(send("GET", LINES + "/rows/refused", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/collections/notes/documents/refused", "").statusCode())
                .isEqualTo(404);
    }
}
