package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
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

/** Answers that would be larger than one answer may be, over rows and documents of a million characters. */
class LargeAnswersTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int ROWS = 12;

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
        post("/collections", "{\"name\": \"c\", \"dimension\": 2, \"text_index\": true}");
        post("/api/v1/tables", """
            {"name": "t", "primary_key": "id", "columns": [{"name": "id", "type": "string"},
             {"name": "n", "type": "int"}, {"name": "note", "type": "string"},
             {"name": "vec", "type": "embedding", "dimensions": 2}]}
            """);
        for (int i = 0; i < ROWS; i++) {
            String text = "word " + i + "a".repeat(999_980);
            assertThat(post(
                                    "/collections/c/documents",
                                    "{\"id\": \"d" + i + "\", \"vector\": [1, " + i + "], \"text\": \"" + text + "\"}")
                            .status)
                    .isEqualTo(201);
            assertThat(post(
                                    "/api/v1/tables/t/rows",
                                    "{\"rows\": [{\"id\": \"d" + i + "\", \"n\": " + i + ", \"vec\": [1, " + i
                                            + "], \"note\": \"" + text + "\"}]}")
                            .status)
                    .isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Reply post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(rest + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        return new Reply(answer.statusCode(), JSON.readTree(answer.body()));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "/collections/c/search | {\"query_vector\": [1, 0], \"k\": 12}",
                "/collections/c/search | {\"query_vector\": [1, 0], \"query\": \"word\", \"k\": 12, \"hybrid\": true}",
                "/collections/c/search | {\"query_vector\": [1, 0], \"k\": 12, \"mmr\": {\"lambda\": 0.9}}",
                "/api/v1/tables/t/search/similarity | {\"column\": \"vec\", \"query\": [1, 0], \"limit\": 12}",
                "/api/v1/tables/t/search/similarity | {\"column\": \"vec\", \"query\": [1, 0], \"limit\": 12,"
                        + " \"mmr\": {\"lambda\": 0.9}}",
            })
    void ofSearchesAreShorterAndSaySo(String path, String body) throws Exception {
        Reply reply = post(path, body);

        assertThat(reply.status).as(reply.json.toString()).isEqualTo(200);
        assertThat(reply.json.path("truncated").asBoolean()).isTrue();
        assertThat(reply.json.path("results").size()).isBetween(2, ROWS - 1);
        JsonNode first = reply.json.at("/results/0");
        assertThat(first.path("id").asString(first.at("/data/id").asString(""))).isEqualTo("d0");
    }

    @Test
    void ofQueriesBySimilarityAreShorterAndSaySo() throws Exception {
        Reply reply = post(
                "/api/v1/tables/t/query", "{\"similarity\": {\"column\": \"vec\", \"query\": [1, 0]}, \"limit\": 12}");

        assertThat(reply.json.path("truncated").asBoolean()).isTrue();
        assertThat(reply.json.path("rows").size()).isBetween(2, ROWS - 1);
    }

    @Test
    void ofSearchesThatFitSayNothing() throws Exception {
        assertThat(post("/collections/c/search", "{\"query_vector\": [1, 0], \"k\": 2}")
                        .json
                        .has("truncated"))
                .isFalse();
    }

    @Test
    void ofQueriesGoOnWithACursor() throws Exception {
        Set<String> ids = new HashSet<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = post(
                            "/api/v1/tables/t/query",
                            "{\"limit\": 12" + (cursor.isEmpty() ? "" : ", \"cursor\": \"" + cursor + "\"") + "}")
                    .json;
            page.path("rows").forEach(row -> ids.add(row.path("id").asString()));
            cursor = page.path("next_cursor").asString("");
            pages++;
        } while (!cursor.isEmpty());
        assertThat(ids).hasSize(ROWS);
        assertThat(pages).isGreaterThan(1);
    }

    @Test
    void ofDistinctValuesAreRefused() throws Exception {
        Reply reply = post("/api/v1/tables/t/query", "{\"distinct\": true, \"select\": [\"note\"]}");

        assertThat(reply.status).isEqualTo(413);
        assertThat(reply.json.path("detail").asString()).contains("ask for fewer");
    }
}
