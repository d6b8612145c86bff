package com.akidb.http.collections;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectionRoutesTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/api/v1"})
    void createsListsShowsAndDeletesACollection(String prefix) {
        String name = "trails" + prefix.length();
        TestServer.Reply created = server.post(
                prefix + "/collections", "{\"name\": \"" + name + "\", \"dimension\": 3, \"metric\": \"euclidean\"}");
        String id = created.json().path("id").asString();

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo(prefix + "/collections/" + id);
        assertThat(created.json().path("metric").asString()).isEqualTo("euclidean");
        assertThat(created.json().path("dimension").asInt()).isEqualTo(3);
        assertThat(server.get(prefix + "/collections").json().at("/collections"))
                .contains(created.json());
        assertThat(server.get(prefix + "/collections/" + id).json()).isEqualTo(created.json());
        assertThat(server.get(prefix + "/collections/" + name).json()).isEqualTo(created.json());
        TestServer.Reply deleted = server.delete(prefix + "/collections/" + id);
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.raw().body()).isEmpty();
        assertThat(server.get(prefix + "/collections/" + id).status()).isEqualTo(404);
    }

    @Test
    void refusesASecondCollectionOfOneName() {
        server.post("/collections", "{\"name\": \"twice\"}");

        TestServer.Reply second = server.post("/collections", "{\"name\": \"twice\"}");

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.code()).isEqualTo("ALREADY_EXISTS");
        assertThat(second.json().path("field").asString()).isEqualTo("name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "docs"})
    void insertsShowsListsAndDeletesDocuments(String documents) {
        server.post("/collections", "{\"name\": \"" + documents + "\"}");
        String path = "/collections/" + documents + "/" + documents;

        TestServer.Reply inserted = server.post(
                path,
                "{\"text\": \"The ford\", \"external_id\": \"r/17 ü\", \"metadata\": { \"area\" : [ 1.50, \"n\\u00f6\""
                        + " ] }}");
        assertThat(inserted.status()).isEqualTo(201);
        assertThat(inserted.raw().body()).isEqualTo("{\"id\":\"r/17 ü\",\"vector_generated\":true}");
        assertThat(inserted.header("Location")).isEqualTo(path + "/r%2F17%20%C3%BC");

        TestServer.Reply batch = server.post(
                path,
                "{\"documents\": [{\"text\": \"a\", \"id\": \"1\", \"vector\": [1, 2e0, 3.0]}, {\"text\": \"b\"}]}");
        assertThat(batch.status()).isEqualTo(201);
        assertThat(batch.json().at("/results/0/id").asString()).isEqualTo("1");
        assertThat(batch.json().at("/results/0/vector_generated").asBoolean()).isFalse();
        assertThat(batch.json().at("/results/1/vector_generated").asBoolean()).isTrue();

        String shown = server.get(inserted.header("Location")).raw().body();
        assertThat(shown)
                .isEqualTo("{\"id\":\"r/17 ü\",\"text\":\"The ford\",\"metadata\":{\"area\":[1.50,\"n\\u00f6\"]}}");
        assertThat(server.get(path + "/1?include_vector=true").json().at("/vector"))
                .isEqualTo(TestServer.JSON.readTree("[1.0, 2.0, 3.0]"));

        TestServer.Reply page = server.get(path + "?limit=2");
        assertThat(page.json().at("/documents")).hasSize(2);
        String cursor = page.json().at("/next_cursor").asString();
        TestServer.Reply rest = server.get(path + "?limit=2&include_vectors=true&cursor=" + cursor);
        assertThat(rest.json().at("/documents")).hasSize(1);
        assertThat(rest.json().at("/documents/0/vector")).hasSize(3);
        assertThat(rest.json().at("/next_cursor").isNull()).isTrue();

        assertThat(server.delete(path + "/1").status()).isEqualTo(204);
        assertThat(server.delete(path + "/1").status()).isEqualTo(404);
        assertThat(server.get(path + "/1").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void refusesAnIdThatExistsWhenToldTo() {
        server.post("/collections", "{\"name\": \"strict\"}");
        server.post("/collections/strict/documents", "{\"text\": \"a\", \"id\": \"1\"}");

        TestServer.Reply again = server.post(
                "/collections/strict/documents", "{\"text\": \"a\", \"id\": \"1\", \"on_conflict\": \"error\"}");

        assertThat(again.status()).isEqualTo(409);
        String second = "{\"text\": \"b\", \"id\": \"1\"}";
        assertThat(server.post("/collections/strict/documents?on_conflict=error", second)
                        .status())
                .isEqualTo(409);
        assertThat(server.post("/collections/strict/documents?on_conflict=other", second)
                        .json()
                        .path("field")
                        .asString())
                .isEqualTo("on_conflict");
        assertThat(server.post("/collections/strict/documents", second).status())
                .isEqualTo(201);
    }

    @Test
    void findsTheNearestDocuments() {
        server.post("/collections", "{\"name\": \"found\"}");
        String path = "/collections/found";
        server.post(
                path + "/documents",
                "{\"documents\": [{\"text\": \"x\", \"id\": \"x\", \"vector\": [1,0,0], \"metadata\": {\"a\": 1}},"
                        + " {\"text\": \"y\", \"id\": \"y\", \"vector\": [0.8,0.6,0]}]}");

        String answer = server.post(path + "/search", "{\"query_vector\": [1, 0, 0], \"k\": 1}")
                .raw()
                .body();
        assertThat(answer)
                .matches("\\{\"results\":\\[\\{\"id\":\"x\",\"score\":1.0,\"text\":\"x\",\"metadata\":\\{\"a\":1}}],"
                        + "\"query_embedded\":false,\"duration_ms\":\\d+}");
        TestServer.Reply full = server.post(
                path + "/search",
                "{\"vector\": [1, 0, 0], \"limit\": 2, \"include_vectors\": true, \"include_metadata\": false,"
                        + " \"explain\": true}");
        assertThat(full.json().at("/results/1/vector")).isEqualTo(TestServer.JSON.readTree("[0.8, 0.6, 0.0]"));
        assertThat(full.json().at("/results/1/score").asDouble()).isEqualTo(0.8);
        assertThat(full.json().at("/results/0").has("metadata")).isFalse();
        assertThat(full.json().at("/explanation/plan").asString()).isEqualTo("exact");
        assertThat(full.json().at("/explanation/step_micros").has("scan")).isTrue();
        assertThat(server.post(path + "/search", "{\"query\": \"x\"}")
                        .json()
                        .at("/query_embedded")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void readsTheFilterAndTheThreshold() {
        server.post("/collections", "{\"name\": \"filtered\"}");

        TestServer.Reply reply = server.post(
                "/collections/filtered/search",
                "{\"query\": \"x\", \"threshold\": 0.25, \"filter\": [{\"column\": \"area\", \"operator\": \"=\","
                        + " \"value\": \"north\"}]}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(server.collections.lastSearch).isNotNull().satisfies(search -> {
            assertThat(search.threshold()).isEqualTo(0.25f);
            assertThat(search.where()).asString().contains("north");
        });
    }

    @Test
    void offersCollectionsWhatTablesHave() {
        server.post("/collections", "{\"name\": \"face\", \"text_index\": true}");
        String path = "/collections/face";
        HttpRequest.Builder lines = server.to(path + "/documents?on_conflict=error")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString("""
                    {"text": "x", "id": "x", "vector": [1,0,0], "metadata": {"by": "ada"}}
                    {"text": "y", "id": "y", "vector": [0.8,0.6,0], "metadata": {"by": "ada"}}
                    {"text": "z", "id": "z", "vector": [0,1,0], "metadata": {"by": "bob"}}
                    """));
        TestServer.Reply inserted = server.send(lines);
        assertThat(inserted.status()).isEqualTo(201);
        assertThat(inserted.json().path("results")).hasSize(3);

        TestServer.Reply grouped = server.post(
                path + "/search",
                "{\"like\": {\"id\": \"x\"}, \"k\": 5, \"group\": {\"by\": \"metadata.by\"}, \"include_metadata\":"
                        + " false}");
        assertThat(grouped.raw().body())
                .startsWith(
                        "{\"results\":[{\"id\":\"y\",\"score\":0.8,\"group\":\"ada\",\"text\":\"y\"},{\"id\":\"z\"");
        assertThat(server.post(
                                path + "/search",
                                "{\"query_vector\": [1,0,0], \"k\": 1, \"offset\": 1, \"exact\": true}")
                        .json()
                        .at("/results/0/id")
                        .asString())
                .isEqualTo("y");

        String adas = "{\"filter\": [{\"column\": \"by\", \"operator\": \"=\", \"value\": \"ada\"}]";
        assertThat(server.post(path + "/query", adas + "}").json().path("documents"))
                .hasSize(2);
        assertThat(server.post(path + "/query", adas + ", \"count\": true}")
                        .raw()
                        .body())
                .isEqualTo("{\"count\":2}");
        assertThat(server.post(path + "/query", "{\"ids\": [\"z\", \"none\", \"x\"]}")
                        .json()
                        .at("/documents/1/id")
                        .asString())
                .isEqualTo("x");
        assertThat(server.sendRaw(server.to(path + "/documents").header("Accept", "application/x-ndjson"))
                        .body()
                        .lines())
                .hasSize(3)
                .first()
                .isEqualTo("{\"id\":\"x\",\"text\":\"x\",\"metadata\":{\"by\":\"ada\"}}");

        assertThat(server.patch(path + "/documents", adas + ", \"metadata\": {\"by\": \"eve\"}}")
                        .raw()
                        .body())
                .isEqualTo("{\"updated\":2}");
        assertThat(server.patch(path + "/documents/z", "{\"text\": \"new\"}")
                        .raw()
                        .body())
                .isEqualTo("{\"updated\":1}");
        assertThat(server.delete(path + "/documents", "{\"ids\": [\"z\"]}")
                        .raw()
                        .body())
                .isEqualTo("{\"deleted\":1}");
        assertThat(server.delete(path + "/documents", "{\"filter\": []}").raw().body())
                .isEqualTo("{\"deleted\":2}");
        assertThat(server.get(path + "/text-index").json().path("text_index").asBoolean())
                .isTrue();
        assertThat(server.delete(path + "/text-index").raw().body()).isEqualTo("{\"text_index\":false,\"state\":null}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        POST   | /search          | {"like": {"id": "x"}, "query": "x"}             | INVALID_ARGUMENT | query
        POST   | /search          | {"like": {}}                                    | MISSING_FIELD    | like.id
        POST   | /search          | {"like": {"id": "none"}}                        | NOT_FOUND        | like.id
        POST   | /search          | {"query_vector": [1,0,0], "hybrid": true}       | INVALID_ARGUMENT | hybrid
        POST   | /search          | {"query": "x", "hybrid": {"weights": {"text": -1}}} | OUT_OF_RANGE | hybrid.weights.text
        POST   | /search          | {"query": "x", "mmr": {"lambda": 2}}            | OUT_OF_RANGE     | mmr.lambda
        POST   | /search          | {"query": "x", "group": {"size": 2}}            | MISSING_FIELD    | group.by
        POST   | /search          | {"query": "x", "group": {"by": "id"}, "mmr": {}} | INVALID_ARGUMENT | group
        POST   | /search          | {"query": "x", "k": 1000, "group": {"by": "id", "size": 2}} | OUT_OF_RANGE | k
        POST   | /search          | {"query": "x", "input_type": "poem"}            | INVALID_ARGUMENT | input_type
        POST   | /query           | {"ids": []}                                     | INVALID_ARGUMENT | ids
        POST   | /query           | {"ids": ["x"], "filter": []}                    | INVALID_ARGUMENT | ids
        POST   | /query           | {"count": true, "limit": 5}                     | INVALID_ARGUMENT | limit
        POST   | /query           | {"cursor": "nonsense"}                          | INVALID_ARGUMENT | cursor
        DELETE | /documents       | {}                                              | MISSING_FIELD    | filter
        PATCH  | /documents       | {"filter": []}                                  | MISSING_FIELD    | metadata
        PATCH  | /documents       | {"filter": [], "text": "x"}                     | UNKNOWN_FIELD    | text
        PATCH  | /documents/none  | {"metadata": 1}                                 | NOT_FOUND        | id
        PATCH  | /documents/none  | {}                                              | MISSING_FIELD    | metadata
        """)
    void namesTheFieldToBlame(String method, String path, String body, String code, String field) {
        server.post("/collections", "{\"name\": \"blamed\"}");

        TestServer.Reply reply = server.send(server.to("/collections/blamed" + path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));

        assertThat(reply.code()).as(reply.raw().body()).isEqualTo(code);
        assertThat(reply.json().path("field").asString("")).isEqualTo(field);
    }

    @Test
    void takesAndGivesVectorsAsBase64() {
        String base64 = "AACAPwAAAD8AAADA";
        server.post("/collections", "{\"name\": \"encoded\", \"dimension\": 3}");
        String documents = "/collections/encoded/documents";
        server.post(documents, "{\"id\": \"a\", \"text\": \"t\", \"vector\": \"" + base64 + "\"}");

        assertThat(server.get(documents + "/a?include_vector=true").json().path("vector"))
                .isEqualTo(TestServer.JSON.readTree("[1.0, 0.5, -2.0]"));
        assertThat(server.get(documents + "/a?include_vector=true&encoding_format=base64")
                        .json()
                        .path("vector")
                        .asString())
                .isEqualTo(base64);
        assertThat(server.get(documents + "?include_vectors=true&encoding_format=base64")
                        .json()
                        .at("/documents/0/vector")
                        .asString())
                .isEqualTo(base64);
        String query = "{\"ids\": [\"a\"], \"include_vectors\": true, \"encoding_format\": \"base64\"}";
        assertThat(server.post("/collections/encoded/query", query)
                        .json()
                        .at("/documents/0/vector")
                        .asString())
                .isEqualTo(base64);
        String lines = server.sendRaw(server.to(documents + "?include_vectors=true&encoding_format=base64")
                        .header("Accept", "application/x-ndjson"))
                .body();
        assertThat(TestServer.JSON.readTree(lines).path("vector").asString()).isEqualTo(base64);
    }
}
