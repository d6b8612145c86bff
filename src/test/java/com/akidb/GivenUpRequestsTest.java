package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** Requests that would take minutes, and whose clients leave: nothing goes on for them. */
class GivenUpRequestsTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int ROWS = 100;

    /** Less than any of them takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext server;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        server = SpringApplication.run(
                AkidbApplication.class,
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--akidb.data-dir=" + data,
                "--akidb.http.request-timeout=10m",
                "--akidb.sql.timeout=10m",
                "--spring.main.register-shutdown-hook=false");
        port = server.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        post("/collections", "{\"name\": \"c\", \"dimension\": 2, \"text_index\": true}");
        post("/api/v1/tables", """
            {"name": "t", "primary_key": "id", "columns": [{"name": "id", "type": "string"},
             {"name": "n", "type": "int"}, {"name": "s", "type": "string"},
             {"name": "vec", "type": "embedding", "dimensions": 2}]}
            """);
        String text = "a".repeat(150_000);
        for (int from = 0; from < ROWS; from += 20) {
            StringBuilder rows = new StringBuilder();
            StringBuilder documents = new StringBuilder();
            for (int i = from; i < from + 20; i++) {
                String comma = i == from ? "" : ",";
                rows.append(comma + "{\"id\": \"d" + i + "\", \"n\": " + i + ", \"vec\": [1, " + i + "], \"s\": \""
                        + text + "\"}");
                documents.append(
                        comma + "{\"id\": \"d" + i + "\", \"vector\": [1, " + i + "], \"text\": \"" + text + i + "\"}");
            }
            assertThat(post("/api/v1/tables/t/rows", "{\"rows\": [" + rows + "]}"))
                    .isEqualTo(201);
            assertThat(post("/collections/c/documents", "{\"documents\": [" + documents + "]}"))
                    .isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static int post(String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** A request that takes long. */
    private record Heavy(String method, String path, String body, String accept) {

        static Heavy post(String path, String body) {
            return new Heavy("POST", path, body, "application/json");
        }

        @Override
        public String toString() {
            return method + " " + path + " " + body.substring(0, Math.min(60, body.length()));
        }

        byte[] bytes() {
            return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + body)
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Matches nowhere in texts that are all but one letter, which is found out only at the end of each place. */
    private static String pattern(int number) {
        return "%" + "a_".repeat(2_000 - number) + "b%";
    }

    private static String condition(String column) {
        return IntStream.range(0, 90)
                .mapToObj(number -> "{\"column\": \"" + column + "\", \"operator\": \"like\", \"value\": \""
                        + pattern(number) + "\"}")
                .collect(Collectors.joining(", ", "{\"or\": [", "]}"));
    }

    static Stream<Heavy> heavy() {
        String rows = condition("s");
        String documents = condition("text");
        String joins = "select count(*) from t a, t b, t c, t d, t e where a.n + b.n + c.n + d.n + e.n = -1";
        return Stream.of(
                Heavy.post("/api/v1/tables/t/query", "{\"where\": " + rows + "}"),
                new Heavy("POST", "/api/v1/tables/t/query", "{\"where\": " + rows + "}", "application/x-ndjson"),
                Heavy.post("/api/v1/tables/t/query", "{\"where\": " + rows + ", \"count\": true}"),
                Heavy.post(
                        "/api/v1/tables/t/query", "{\"where\": " + rows + ", \"distinct\": true, \"select\": [\"n\"]}"),
                Heavy.post(
                        "/api/v1/tables/t/search/similarity",
                        "{\"column\": \"vec\", \"query\": [1, 0], \"filters\": " + rows + "}"),
                Heavy.post(
                        "/api/v1/tables/t/query",
                        "{\"similarity\": {\"column\": \"vec\", \"query\": [1, 0]}, \"where\": " + rows + "}"),
                Heavy.post("/api/v1/sql", "{\"query\": \"" + joins + "\"}"),
                Heavy.post(
                        "/api/v1/sql",
                        "{\"query\": \"select count(*) from t a, t b where a.s || b.s like ?\", \"params\": [\""
                                + pattern(0) + "\"]}"),
                Heavy.post(
                        "/collections/c/search", "{\"query_vector\": [1, 0], \"k\": 5, \"filter\": " + documents + "}"),
                Heavy.post("/collections/c/query", "{\"filter\": " + documents + "}"),
                new Heavy("DELETE", "/api/v1/tables/t/rows", "{\"where\": " + rows + "}", "application/json"),
                new Heavy(
                        "PATCH",
                        "/api/v1/tables/t/rows",
                        "{\"where\": " + rows + ", \"values\": {\"n\": 1}}",
                        "application/json"),
                new Heavy("DELETE", "/collections/c/documents", "{\"filter\": " + documents + "}", "application/json"));
    }

    /** Whether a statement is run or a text is compared, on whatever thread. */
    private static boolean isAtWork() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .map(StackTraceElement::getClassName)
                .anyMatch(
                        name -> name.equals("org.sqlite.core.NativeDB") || name.equals("com.akidb.query.LikePattern"));
    }

    private static boolean isBusy() {
        boolean busy = true;
        for (int look = 0; look < 5 && busy; look++) {
            busy = isAtWork();
        }
        return busy;
    }

    @ParameterizedTest
    @MethodSource("heavy")
    void endWhenTheirClientsAreGone(Heavy heavy) throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.getOutputStream().write(heavy.bytes());
            await("beginning of " + heavy).atMost(PATIENCE).until(GivenUpRequestsTest::isBusy);
        }
        await("end of " + heavy).atMost(PATIENCE).until(() -> !isAtWork());
    }

    @Test
    void endWhenTheirCallsOverGrpcAreCancelled() {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", server.getBean(GrpcServerLifecycle.class).getPort())
                .usePlaintext()
                .build();
        try {
            Struct.Builder like =
                    Struct.newBuilder().putFields("column", text("text")).putFields("operator", text("like"));
            ListValue.Builder any = ListValue.newBuilder();
            for (int i = 0; i < 90; i++) {
                any.addValues(Value.newBuilder().setStructValue(like.putFields("value", text(pattern(i)))));
            }
            Value filter = Value.newBuilder()
                    .setStructValue(Struct.newBuilder()
                            .putFields(
                                    "or", Value.newBuilder().setListValue(any).build()))
                    .build();
            var search = CollectionServiceGrpc.newFutureStub(channel)
                    .search(SearchRequest.newBuilder()
                            .setCollection("c")
                            .addQueryVector(1)
                            .addQueryVector(0)
                            .setFilter(filter)
                            .build());
            await().atMost(PATIENCE).until(GivenUpRequestsTest::isBusy);
            search.cancel(true);
            await().atMost(PATIENCE).until(() -> !isAtWork());
        } finally {
            channel.shutdownNow();
        }
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }
}
