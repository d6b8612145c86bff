package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Search by similarity in a table of the whole server, with the real model, by REST. */
class TableSearchTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NOTES = "/api/v1/tables/notes";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext server;
    private static String rest;

    private record Reply(int status, JsonNode json) {}

    @BeforeAll
    static void start() throws Exception {
        server = SpringApplication.run(
                AkidbApplication.class,
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--akidb.data-dir=" + data,
                "--spring.main.register-shutdown-hook=false");
        rest = "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port");
        send("POST", "/api/v1/tables", """
            {"name": "notes", "primary_key": "id", "columns": [{"name": "id", "type": "string"},
             {"name": "note", "type": "string"}, {"name": "year", "type": "int"},
             {"name": "own", "type": "embedding", "dimensions": 2}]}
            """);
        assertThat(send("POST", NOTES + "/columns/computed/embedding", """
            {"name": "vec", "source_column": "note", "model": "sentence-transformers/all-MiniLM-L6-v2"}
            """).json.toString())
                .isEqualTo("{\"column_name\":\"vec\",\"type\":\"embedding\",\"dimensions\":384,"
                        + "\"model\":\"sentence-transformers/all-MiniLM-L6-v2\",\"source\":\"note\"}");
        assertThat(send("POST", NOTES + "/rows", """
            {"rows": [{"id": "ford", "note": "The ford is knee deep after rain", "year": 2023},
             {"id": "river", "note": "You can cross the river on foot in summer", "year": 2019},
             {"id": "soup", "note": "The hut serves soup until eight", "year": 2024},
             {"id": "bread", "note": "Warm bread and stew are to be had at the inn", "year": 2024},
             {"id": "rx", "note": "Part number RX7731 fits the pump", "year": 2024},
             {"id": "none", "note": null, "year": 2024, "own": [1, 0]}]}
            """).status).isEqualTo(201);
        send("POST", NOTES + "/indexes/text", "{\"columns\": [\"note\"]}");
        for (JsonNode index = index(); !index.path("status").asString("").equals("ready"); index = index()) {
            Thread.onSpinWait();
        }
    }

    private static JsonNode index() throws Exception {
        return send("GET", NOTES + "/indexes/notes_note_text", "").json;
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Reply send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(rest + path));
        if (body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(answer.statusCode(), JSON.readTree(answer.body()));
    }

    private static JsonNode search(String members) throws Exception {
        Reply reply = send("POST", NOTES + "/search/similarity", "{\"column\": \"vec\", " + members + "}");
        assertThat(reply.status).as(reply.json.toString()).isEqualTo(200);
        return reply.json;
    }

    private static List<String> ids(JsonNode answer) {
        List<String> ids = new ArrayList<>();
        answer.path("results").forEach(result -> ids.add(result.at("/data/id").asString()));
        return ids;
    }

    @Test
    void findsTheNearestRowsByText() throws Exception {
        JsonNode answer = search("\"query\": \"how do I get over the water?\", \"limit\": 2, \"include_score\": true");

        assertThat(ids(answer)).containsExactlyInAnyOrder("ford", "river");
        assertThat(answer.at("/results/0/score").asDouble())
                .isGreaterThan(answer.at("/results/1/score").asDouble());
        assertThat(answer.path("query_embedding").size()).isEqualTo(384);
        assertThat(answer.path("search_time_ms").isNumber()).isTrue();
        assertThat(answer.at("/results/0/data").has("vec")).isFalse();
    }

    @Test
    void saysNoScoreUnlessAskedAndShowsChosenColumns() throws Exception {
        assertThat(search("\"query\": \"supper\", \"limit\": 1, \"select\": [\"year\"]")
                        .path("results")
                        .toString())
                .isEqualTo("[{\"data\":{\"year\":2024}}]");
    }

    @Test
    void fillsTheLimitBehindFilterThresholdAndOffset() throws Exception {
        String query = "\"query\": \"how do I get over the water?\"";
        assertThat(ids(search(query + ", \"limit\": 1, \"filters\": [{\"column\": \"year\", \"operator\": \"<\","
                        + " \"value\": 2020}]")))
                .containsExactly("river");
        assertThat(ids(search(query + ", \"threshold\": 0.99"))).isEmpty();
        List<String> all = ids(search(query));
        assertThat(all).hasSize(5).doesNotContain("none");
        assertThat(ids(search(query + ", \"limit\": 2, \"offset\": 1"))).isEqualTo(all.subList(1, 3));
    }

    @Test
    void findsRowsLikeAnother() throws Exception {
        assertThat(ids(search("\"like\": {\"key\": \"soup\"}, \"limit\": 1"))).containsExactly("bread");
        assertThat(ids(search("\"like\": {\"key\": \"soup\"}"))).hasSize(4).doesNotContain("soup");
    }

    @Test
    void findsByWordsWhatMeaningMisses() throws Exception {
        JsonNode answer = search("\"query\": \"RX7731\", \"limit\": 3, \"include_score\": true,"
                + " \"hybrid\": {\"columns\": [\"note\"], \"weights\": {\"text\": 2}}, \"explain\": true");

        assertThat(ids(answer).getFirst()).isEqualTo("rx");
        assertThat(answer.at("/results/0/ranks/text").asInt()).isEqualTo(1);
        assertThat(answer.at("/results/1/ranks/text").isNull()).isTrue();
        assertThat(answer.at("/explanation/text_candidates").asInt()).isEqualTo(1);
        assertThat(answer.at("/explanation/plan").isString()).isTrue();
    }

    @Test
    void choosesRowsUnlikeOneAnother() throws Exception {
        JsonNode answer = search("\"query\": \"how do I get over the water?\", \"limit\": 3,"
                + " \"mmr\": {\"lambda\": 0.1, \"candidates\": 5}, \"explain\": true");

        assertThat(ids(answer)).hasSize(3).doesNotHaveDuplicates();
        assertThat(ids(answer).subList(0, 2)).isNotEqualTo(List.of("ford", "river"));
        assertThat(answer.at("/explanation/mmr_candidates").asInt()).isEqualTo(5);
    }

    @Test
    void choosesAmongWhatWordsAndVectorsFound() throws Exception {
        String words =
                "\"query\": \"cross the river on foot, RX7731\", \"limit\": 3, \"hybrid\": {\"columns\": [\"note\"]}";
        List<String> plain = ids(search(words));
        JsonNode alike = search(words + ", \"mmr\": {\"lambda\": 1}, \"explain\": true");
        JsonNode unlike = search(words + ", \"mmr\": {\"lambda\": 0}");

        assertThat(ids(alike)).isEqualTo(plain);
        assertThat(alike.at("/results/0/ranks/text").asInt()).isEqualTo(1);
        assertThat(alike.at("/explanation/mmr_candidates").asInt()).isEqualTo(5);
        assertThat(ids(unlike)).hasSize(3).doesNotContain("ford").startsWith(plain.getFirst());
        assertThat(ids(search(words + ", \"offset\": 1, \"mmr\": {\"lambda\": 1}"))
                        .getFirst())
                .isEqualTo(plain.get(1));
    }

    @Test
    void searchesVectorsThatUsersWrote() throws Exception {
        Reply reply = send("POST", NOTES + "/search/similarity", "{\"column\": \"own\", \"query\": [1, 0]}");

        assertThat(ids(reply.json)).containsExactly("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"query\": \"a\"} | column",
                "{\"column\": \"vec\"} | query",
                "{\"column\": \"note\", \"query\": \"a\"} | column",
                "{\"column\": \"vek\", \"query\": \"a\"} | column",
                "{\"column\": \"vec\", \"query\": \"\"} | query",
                "{\"column\": \"vec\", \"query\": [1, 2]} | query",
                "{\"column\": \"own\", \"query\": \"a\"} | query",
                "{\"column\": \"vec\", \"query\": 5} | query",
                "{\"column\": \"vec\", \"query\": \"a\", \"limit\": 0} | limit",
                "{\"column\": \"vec\", \"query\": \"a\", \"metric\": \"manhattan\"} | metric",
                "{\"column\": \"vec\", \"query\": \"a\", \"like\": {\"key\": \"x\"}} | like",
                "{\"column\": \"vec\", \"query\": \"a\", \"hybrid\": {\"columns\": []}} | hybrid.columns",
                "{\"column\": \"vec\", \"query\": \"a\", \"hybrid\": {\"columns\": [\"id\"]}} | hybrid.columns",
                "{\"column\": \"vec\", \"query\": \"a\", \"mmr\": {\"lambda\": 2}} | mmr.lambda",
                "{\"column\": \"vec\", \"like\": {\"key\": \"none\"}} | like.key",
                "{\"column\": \"vec\", \"like\": {\"key\": \"soup\"}, \"hybrid\": {\"columns\": [\"note\"]}} | hybrid",
                "{\"column\": \"vec\", \"query\": \"a\", \"filter\": []} | filter"
            })
    void blamesTheFieldThatIsWrong(String body, String field) throws Exception {
        Reply reply = send("POST", NOTES + "/search/similarity", body);

        assertThat(reply.status).as(reply.json.toString()).isEqualTo(400);
        assertThat(reply.json.path("field").asString()).isEqualTo(field);
    }

    @Test
    void answersNotFoundForWhatIsNotThere() throws Exception {
        assertThat(send("POST", "/api/v1/tables/none/search/similarity", "{\"column\": \"vec\", \"query\": \"a\"}")
                        .status)
                .isEqualTo(404);
        assertThat(send("POST", NOTES + "/search/similarity", "{\"column\": \"vec\", \"like\": {\"key\": \"nobody\"}}")
                        .status)
                .isEqualTo(404);
        assertThat(send("GET", NOTES + "/columns/computed/note", "").status).isEqualTo(404);
    }

    @Test
    void takesTheActionsOfAComputedColumnWithoutABody() throws Exception {
        String column = NOTES + "/columns/computed/vec";
        assertThat(send("POST", column + "/pause", "").status).isEqualTo(200);
        assertThat(send("POST", column + "/resume", "").json.path("status").asString())
                .isEqualTo("ready");
        assertThat(send("POST", column + "/retry", "").json.toString())
                .isEqualTo("{\"retried\":0,\"refreshed\":0,\"failed\":0,\"skipped\":0,\"pending\":0}");
        assertThat(send("POST", column + "/cancel", "").status).isEqualTo(409);
        assertThat(send("GET", column, "").json.at("/cells/ready").asInt()).isEqualTo(5);
    }

    private static float[] decoded(JsonNode base64) {
        byte[] bytes = Base64.getDecoder().decode(base64.asString());
        float[] vector = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private static float[] numbers(JsonNode array) {
        float[] vector = new float[array.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = array.get(i).floatValue();
        }
        return vector;
    }

    @Test
    void showsTheVectorThatItSearchedWithInTheFormThatIsAskedFor() throws Exception {
        String query = "\"query\": \"cold feet in the stream\", \"limit\": 1";
        JsonNode plain = search(query + ", \"include_vectors\": true");
        JsonNode encoded = search(query + ", \"include_vectors\": true, \"encoding_format\": \"base64\"");

        assertThat(decoded(encoded.path("query_embedding"))).isEqualTo(numbers(plain.path("query_embedding")));
        assertThat(decoded(encoded.at("/results/0/data/vec"))).isEqualTo(numbers(plain.at("/results/0/data/vec")));
        JsonNode without = search(query + ", \"include_query_embedding\": false");
        assertThat(without.has("query_embedding")).isFalse();
        assertThat(without.has("model_fingerprint")).isFalse();
    }

    @Test
    void searchesAgainWithAVectorThatACallerHasKept() throws Exception {
        JsonNode first = search("\"query\": \"cold feet in the stream\", \"encoding_format\": \"base64\"");
        String kept = "\"query_vector\": " + first.path("query_embedding") + ", \"model_fingerprint\": "
                + first.path("model_fingerprint");

        assertThat(first.path("model_fingerprint").asString()).matches("[0-9a-f]{32}");
        assertThat(ids(search(kept))).isEqualTo(ids(first));
        String words = "\"query\": \"RX7731\", \"hybrid\": {\"columns\": [\"note\"]}, ";
        assertThat(ids(search(words + kept)).subList(0, 2)).contains("rx");
        assertThat(send("GET", NOTES, "").json.at("/columns/4/computed/model_fingerprint"))
                .isEqualTo(first.path("model_fingerprint"));
        assertThat(send("GET", NOTES + "/columns/computed/vec", "").json.path("model_fingerprint"))
                .isEqualTo(first.path("model_fingerprint"));
    }

    @Test
    void refusesAVectorOfAnotherModel() throws Exception {
        JsonNode first = search("\"query\": \"cold feet in the stream\"");
        String kept = "\"query_vector\": " + first.path("query_embedding") + ", \"model_fingerprint\": \"00\"";
        Reply refused = send("POST", NOTES + "/search/similarity", "{\"column\": \"vec\", " + kept + "}");

        assertThat(refused.status).isEqualTo(409);
        assertThat(refused.json.path("code").asString()).isEqualTo("MODEL_CHANGED");
        assertThat(refused.json.path("field").asString()).isEqualTo("model_fingerprint");
        Reply asText = send(
                "POST",
                NOTES + "/search/similarity",
                "{\"column\": \"vec\", \"query\": \"x\", \"model_fingerprint\": \"00\"}");
        assertThat(asText.status).isEqualTo(400);
        Reply own = send(
                "POST",
                NOTES + "/search/similarity",
                "{\"column\": \"own\", \"query_vector\": [1, 0], \"model_fingerprint\": \"00\"}");
        assertThat(own.status).isEqualTo(400);
    }

    @Test
    void keepsVectorsOfQueriesAndOfCollectionsToo() throws Exception {
        send("POST", "/collections", "{\"name\": \"kept\"}");
        send("POST", "/collections/kept/documents", "{\"text\": \"The hut serves soup\", \"id\": \"soup\"}");
        JsonNode found = send(
                        "POST",
                        "/collections/kept/search",
                        "{\"query\": \"soup\", \"include_query_embedding\": true, \"encoding_format\": \"base64\"}")
                .json;
        JsonNode queried = send("POST", NOTES + "/query", """
            {"select": ["id"], "limit": 1, "encoding_format": "base64",
             "similarity": {"column": "vec", "query": "soup", "include_query_embedding": true}}
            """).json;

        assertThat(queried.path("query_embedding")).isEqualTo(found.path("query_embedding"));
        assertThat(queried.path("model_fingerprint")).isEqualTo(found.path("model_fingerprint"));
        assertThat(decoded(found.path("query_embedding"))).hasSize(384);
        String kept = "\"query_vector\": " + found.path("query_embedding") + ", \"model_fingerprint\": ";
        assertThat(send("POST", "/collections/kept/search", "{" + kept + found.path("model_fingerprint") + "}")
                        .json
                        .at("/results/0/id")
                        .asString())
                .isEqualTo("soup");
        assertThat(send("POST", "/collections/kept/search", "{" + kept + "\"00\"}").status)
                .isEqualTo(409);
        assertThat(send("GET", "/collections/kept", "").json.path("model_fingerprint"))
                .isEqualTo(found.path("model_fingerprint"));
        Reply sql = send(
                "POST",
                "/sql",
                "{\"query\": \"select id from notes order by similarity(vec, ?) desc limit 1\", \"params\":"
                        + " [{\"vector\": "
                        + found.path("query_embedding") + "}]}");
        assertThat(sql.json.at("/rows/0/0").asString()).isEqualTo("soup");
        Reply vectors = send("POST", "/sql", """
            {"query": "select id, own, vec from notes where id = 'none'", "encoding_format": "base64"}
            """);
        assertThat(decoded(vectors.json.at("/rows/0/1"))).containsExactly(1, 0);
        assertThat(vectors.json.path("vectors").toString())
                .as("columns with vectors")
                .isEqualTo("[1]");
        assertThat(sql.json.has("vectors")).as("nobody asked for base64").isFalse();
    }
}
