package com.akidb.http.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import com.akidb.http.sync.ListenTest.Ear;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Live queries, by sockets and by events: what clients are told adds up to what the same query answers anew. */
class LiveQueryTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
        CLIENT.shutdownNow();
    }

    @BeforeEach
    void create() {
        // Those that other tests followed are asked no more.
        Awaitility.await().atMost(PATIENCE).until(() -> server.admission.listeners() == 0);
        server.delete("/api/v1/tables/t");
        assertThat(server.post("/api/v1/tables", """
            {"name": "t", "primary_key": "id", "columns": [{"name": "id", "type": "string"}, {"name": "n", "type": "int"},
             {"name": "s", "type": "string"}, {"name": "v", "type": "embedding", "dimensions": 3}]}
            """).status()).isEqualTo(201);
    }

    private static void insert(String rows) {
        TestServer.Reply reply =
                server.post("/api/v1/tables/t/rows", "{\"rows\": [" + rows + "], \"on_conflict\": \"replace\"}");
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
    }

    private static String row(String id, int n, String vector) {
        return "{\"id\": \"" + id + "\", \"n\": " + n + ", \"s\": \"s" + n % 3 + "\", \"v\": " + vector + "}";
    }

    /** A row with a key: what a client knows of a live query is a list of them. */
    private record Known(String key, JsonNode row) {}

    /** A live query as a client follows it. */
    private static final class Followed {

        private final String kind;
        private final String body;
        private final List<Known> rows = new ArrayList<>();

        Followed(String kind, String body) {
            this.kind = kind;
            this.body = body;
        }

        String asking(String id) {
            return "{\"type\": \"query\", \"id\": \"" + id + "\", \"table\": \"t\", \"" + kind + "\": " + body + "}";
        }

        void take(JsonNode message) {
            switch (message.path("type").asString()) {
                case "result" -> {
                    rows.clear();
                    message.path("rows").forEach(each -> rows.add(known(each)));
                }
                case "change" -> {
                    message.path("del").forEach(key -> rows.removeIf(known -> known.key.equals(key.asString())));
                    message.path("put").forEach(put -> rows.removeIf(known -> known.key.equals(known(put).key)));
                    message.path("put")
                            .forEach(put -> rows.add(put.path("index").asInt(), known(put)));
                }
                default -> throw new AssertionError(message.toString());
            }
        }

        private static Known known(JsonNode json) {
            return new Known(json.path("key").asString(), json.path("row"));
        }

        String shown() {
            return rows.stream().map(known -> known.row.toString()).toList().toString();
        }

        /** What the route answers now. */
        String asked() {
            TestServer.Reply reply =
                    server.post("/api/v1/tables/t/" + (kind.equals("query") ? "query" : "search/similarity"), body);
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
            JsonNode rows = reply.json();
            for (String name : List.of("rows", "results", "groups", "count")) {
                if (reply.json().has(name)) {
                    rows = reply.json().path(name);
                }
            }
            return rows.isArray()
                    ? rows.valueStream().map(JsonNode::toString).toList().toString()
                    : "[" + rows + "]";
        }
    }

    private static Map<String, Followed> queries() {
        Map<String, Followed> all = new LinkedHashMap<>();
        all.put("nearest", new Followed("similarity", """
            {"query_vector": [1, 2, 0], "column": "v", "limit": 4, "include_score": true}\
            """));
        all.put("second", new Followed("similarity", """
            {"query_vector": [0, -1, 1], "column": "v", "limit": 3, "offset": 2, "metric": "euclidean", "exact": true,
             "filters": [{"column": "n", "operator": ">", "value": 2}], "select": ["n"], "include_score": true}\
            """));
        all.put("near", new Followed("query", """
            {"similarity": {"query_vector": [2, 1, 1], "column": "v", "threshold": 0.2}, "limit": 40, "select": ["id"],
             "where": [{"column": "s", "operator": "!=", "value": "s1"}]}\
            """));
        all.put("diverse", new Followed("similarity", """
            {"query_vector": [1, 0, 0], "column": "v", "limit": 3, "mmr": {}, "exact": true}\
            """));
        all.put("rows", new Followed("query", """
            {"where": [{"column": "n", "operator": "<", "value": 6}], "order_by": [{"column": "n", "direction": "desc"}],
             "limit": 5, "include_meta": true}\
            """));
        all.put("page", new Followed("query", """
            {"order_by": [{"column": "n"}], "limit": 4, "offset": 3, "select": ["s", {"expression": "n * 2", "as": "twice"}]}\
            """));
        all.put("count", new Followed("query", """
            {"count": true, "where": [{"column": "n", "operator": "<", "value": 4}]}\
            """));
        all.put("groups", new Followed("query", """
            {"group_by": ["s"]}\
            """));
        return all;
    }

    private static void takeWhatIsThere(Ear ear, Map<String, Followed> queries) {
        for (String message = ear.messages.poll(); message != null; message = ear.messages.poll()) {
            JsonNode json = TestServer.JSON.readTree(message);
            queries.getOrDefault(json.path("id").asString(), new Followed("", ""))
                    .take(json);
        }
    }

    @Test
    void whatClientsAreToldAddsUpToWhatTheQueriesAnswer() {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, Followed> queries = queries();
        try (Ear ear = new Ear(server, "")) {
            queries.forEach((id, query) -> ear.say(query.asking(id)));
            for (int commit = 0; commit < 40; commit++) {
                edit(random);
                Awaitility.await("seed " + seed + ", commit " + commit)
                        .atMost(PATIENCE)
                        .untilAsserted(() -> {
                            takeWhatIsThere(ear, queries);
                            queries.forEach((id, query) ->
                                    assertThat(query.shown()).as(id).isEqualTo(query.asked()));
                        });
            }
        }
    }

    private static void edit(Random random) {
        String rows = IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> row(
                        "k" + random.nextInt(30),
                        random.nextInt(9),
                        random.nextInt(9) == 0
                                ? "null"
                                : "[" + (1 + random.nextInt(2)) + ", " + (random.nextInt(5) - 2) + ", "
                                        + (random.nextInt(5) - 2) + "]"))
                .collect(Collectors.toMap(row -> row.substring(8, 11), row -> row, (one, other) -> other))
                .values()
                .stream()
                .collect(Collectors.joining(", "));
        if (random.nextInt(4) > 0) {
            insert(rows);
        } else {
            server.delete("/api/v1/tables/t/rows/k" + random.nextInt(30));
        }
    }

    @Test
    void comparesNewRowsWithTheLastOfTheBestAndSearchesNoMore() throws Exception {
        insert(IntStream.range(0, 100)
                .mapToObj(i -> row("k" + i, i, "[" + (i + 1) + ", 1, 0]"))
                .collect(Collectors.joining(", ")));
        Followed nearest = Objects.requireNonNull(queries().get("nearest"));
        try (Ear ear = new Ear(server, "")) {
            ear.say(nearest.asking("nearest"));
            nearest.take(ear.next());
            int searches = server.searches.begun();
            insert(row("far", 1, "[-1, -2, 0]"));
            insert(row("best", 1, "[1, 2, 0]"));
            JsonNode change = ear.next();
            assertThat(change.path("del").toString()).isEqualTo("[\"k3\"]");
            assertThat(change.path("put").size()).isEqualTo(1);
            assertThat(change.path("put").get(0).path("index").asInt()).isZero();
            assertThat(change.path("put").get(0).path("key").asString()).isEqualTo("best");
            nearest.take(change);
            server.delete("/api/v1/tables/t/rows/best");
            nearest.take(ear.next());
            assertThat(server.searches.begun()).isEqualTo(searches);
            assertThat(nearest.shown()).isEqualTo(nearest.asked());
        }
    }

    @Test
    void saysWhatIsWrongWithAQueryAndGoesOn() throws Exception {
        try (Ear ear = new Ear(server, "")) {
            ear.say("{\"type\": \"query\", \"id\": \"q\", \"table\": \"nowhere\", \"query\": {}}");
            assertError(ear.next(), "q", "NOT_FOUND", "");
            ear.say("{\"type\": \"query\", \"id\": \"q\", \"table\": \"t\"}");
            assertError(ear.next(), "q", "MISSING_FIELD", "query");
            ear.say(new Followed("query", "{\"limit\": 1001}").asking("q"));
            assertError(ear.next(), "q", "OUT_OF_RANGE", "limit");
            ear.say(new Followed("query", "{\"where\": [{\"column\": \"x\", \"operator\": \"=\", \"value\": 1}]}")
                    .asking("q"));
            assertError(ear.next(), "q", "UNKNOWN_COLUMN", "where[0].column");
            ear.say(new Followed("similarity", "{\"query_vector\": [1], \"column\": \"v\"}").asking("q"));
            assertThat(ear.next().path("type").asString()).isEqualTo("error");
            ear.say("{\"type\": \"end\", \"id\": \"q\"}");
            assertError(ear.next(), "q", "NOT_FOUND", "id");
            ear.say(new Followed("query", "{}").asking("q"));
            assertThat(ear.next().path("type").asString()).isEqualTo("result");
            ear.say(new Followed("query", "{}").asking("q"));
            assertError(ear.next(), "q", "INVALID_ARGUMENT", "id");
            server.delete("/api/v1/tables/t");
            assertError(ear.next(), "q", "NOT_FOUND", "");
        }
    }

    private static void assertError(JsonNode message, String id, String code, String field) {
        assertThat(message.path("type").asString()).as(message.toString()).isEqualTo("error");
        assertThat(message.path("id").asString()).isEqualTo(id);
        assertThat(message.path("code").asString()).isEqualTo(code);
        if (!field.isEmpty()) {
            assertThat(message.path("field").asString()).isEqualTo(field);
        }
    }

    @Test
    void tellsNothingMoreOfAQueryThatWasEnded() throws Exception {
        try (Ear ear = new Ear(server, "")) {
            ear.say(new Followed("query", "{}").asking("one"));
            assertThat(ear.next().path("id").asString()).isEqualTo("one");
            ear.say("{\"type\": \"end\", \"id\": \"one\"}");
            ear.say(new Followed("query", "{}").asking("two"));
            assertThat(ear.next().path("id").asString()).isEqualTo("two");
            insert(row("a", 1, "[1, 1, 1]"));
            assertThat(ear.next().path("id").asString()).isEqualTo("two");
            assertThat(ear.messages).isEmpty();
        }
    }

    @Test
    void aClientHasTwentyAtMost() throws Exception {
        try (Ear ear = new Ear(server, "")) {
            for (int i = 0; i < 20; i++) {
                ear.say(new Followed("query", "{\"count\": true}").asking("q" + i));
                assertThat(ear.next().path("type").asString()).isEqualTo("result");
            }
            ear.say(new Followed("query", "{\"count\": true}").asking("more"));
            assertThat(ear.next().path("code").asString()).isEqualTo("OVERLOADED");
            ear.say("{\"type\": \"end\", \"id\": \"q3\"}");
            ear.say(new Followed("query", "{\"count\": true}").asking("more"));
            assertThat(ear.next().path("type").asString()).isEqualTo("result");
        }
    }

    @Test
    void goesOnWhenTheColumnsAreOthers() throws Exception {
        insert(row("a", 1, "[1, 1, 1]"));
        Followed all = new Followed("query", "{}");
        try (Ear ear = new Ear(server, "")) {
            ear.say(all.asking("q"));
            all.take(ear.next());
            assertThat(server.post("/api/v1/tables/t/columns", "{\"name\": \"more\", \"type\": \"string\"}")
                            .status())
                    .isEqualTo(201);
            all.take(ear.next());
            assertThat(all.shown()).contains("more").isEqualTo(all.asked());
        }
    }

    @Test
    void isToldByEventsAsWell() throws Exception {
        insert(row("a", 1, "[1, 1, 1]"));
        String asked = "[{\"id\": \"q\", \"table\": \"t\", \"query\": {\"select\": [\"id\"]}}]";
        HttpResponse<Stream<String>> response = CLIENT.sendAsync(
                        server.to("/api/v1/sync/events?queries=" + URLEncoder.encode(asked, StandardCharsets.UTF_8))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .join();
        try (Stream<String> lines = response.body()) {
            Iterator<String> line = lines.iterator();
            assertThat(line.next()).isEqualTo("event: result");
            assertThat(line.next()).contains("\"rows\":[{\"key\":\"a\",\"row\":{\"id\":\"a\"}}]");
            assertThat(line.next()).isEmpty();
            insert(row("b", 1, "[1, 1, 1]"));
            assertThat(line.next()).isEqualTo("event: change");
            assertThat(line.next()).contains("\"del\":[],\"put\":[{\"index\":1,\"key\":\"b\",");
        }
        assertThat(server.get("/api/v1/sync/events?queries=%5B%7B%22id%22%3A%22q%22%7D%5D")
                        .json()
                        .path("field")
                        .asString())
                .isEqualTo("queries[0].table");
    }
}
