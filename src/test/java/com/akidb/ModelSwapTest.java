package com.akidb;

import static com.akidb.embedding.openai.FakeProvider.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.embedding.openai.FakeProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A computed column of the whole server that changes from the model which runs in it to one at a provider, which fails in
 * the middle, while searches go on by REST and by SQL.
 */
class ModelSwapTest {

    private static final String LOCAL = "all-minilm-l6-v2";
    private static final String PROVIDED = "corp/words";
    private static final int DIMENSION = 8;
    private static final String NOTES = "/api/v1/tables/notes";
    private static final String COLUMN = NOTES + "/columns/computed/vec";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Rows that are searched for; each note has a length of its own, by which alone the provider tells texts apart. */
    private static final int SHORT = 25;

    private static final int LONG = 300;
    private static final String WORDS = "the-ford-is-knee-deep-after-rain-and-the-hut-serves-soup";

    @TempDir
    private Path directory;

    private final AtomicInteger searches = new AtomicInteger();
    private FakeProvider provider;
    private ConfigurableApplicationContext server;
    private String rest;

    private record Reply(int status, JsonNode json) {}

    @BeforeEach
    void start() throws Exception {
        provider = new FakeProvider(DIMENSION);
        Path models = Files.writeString(
                directory.resolve("models.yaml"),
                "models:\n  - id: " + PROVIDED + "\n    backend: openai\n    dimension: " + DIMENSION
                        + "\n    max-tokens: 512\n    source:\n      endpoint: " + provider.address()
                        + "\n      model: words\n");
        server = SpringApplication.run(
                AkidbApplication.class,
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--akidb.data-dir=" + directory.resolve("data"),
                "--akidb.models.file=" + models,
                "--akidb.openai.attempts=2",
                "--spring.main.register-shutdown-hook=false");
        rest = "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port");
        send("POST", "/api/v1/tables", """
                {"name": "notes", "primary_key": "id",
                 "columns": [{"name": "id", "type": "string"}, {"name": "note", "type": "string"}]}
                """);
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode rows = body.putArray("rows");
        for (int i = 0; i < SHORT + LONG; i++) {
            rows.addObject().put("id", "r" + i).put("note", note(i));
        }
        assertThat(send("POST", NOTES + "/rows", body.toString()).status()).isEqualTo(201);
        assertThat(send("POST", NOTES + "/columns/computed/embedding", """
                        {"name": "vec", "source_column": "note", "model": "%s"}
                        """.formatted(LOCAL))
                        .status())
                .isEqualTo(201);
        await(column -> ready(column) == SHORT + LONG);
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    private static String note(int row) {
        return row < SHORT ? WORDS.substring(0, 5 + row) : WORDS + "-and-stew-number-" + row;
    }

    private Reply send(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(rest + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Reply(answer.statusCode(), JsonMapper.shared().readTree(answer.body()));
    }

    private static int ready(JsonNode column) {
        return column.at("/cells/ready").asInt();
    }

    private JsonNode await(Predicate<JsonNode> wanted) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        JsonNode column = send("GET", COLUMN, "").json();
        while (!wanted.test(column)) {
            assertThat(System.nanoTime()).as("still " + column).isLessThan(end);
            Thread.onSpinWait();
            column = send("GET", COLUMN, "").json();
        }
        return column;
    }

    /** Searches by REST and by SQL in turn for rows whose text is known, and counts while all are answered rightly. */
    private void searchUntil(AtomicBoolean enough) {
        try {
            while (!enough.get()) {
                int row = searches.get() % SHORT;
                Reply found = send(
                        "POST",
                        NOTES + "/search/similarity",
                        "{\"column\": \"vec\", \"limit\": 1, \"query\": \"" + note(row) + "\"}");
                assertThat(found.status()).as(found.json().toString()).isEqualTo(200);
                assertThat(found.json().at("/results/0/data/id").asString()).isEqualTo("r" + row);
                Reply selected = send(
                        "POST",
                        "/api/v1/sql",
                        "{\"query\": \"select id from notes order by similarity(vec, ?) desc limit 1\", \"params\": [\""
                                + note(row) + "\"]}");
                assertThat(selected.status()).as(selected.json().toString()).isEqualTo(200);
                assertThat(selected.json().at("/rows/0/0").asString()).isEqualTo("r" + row);
                searches.incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void swapsModelsUnderSearchesThoughTheNewOneFailsInTheMiddle() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<Void>> searchers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            searchers.add(CompletableFuture.runAsync(() -> searchUntil(enough), Thread::startVirtualThread));
        }
        send("PATCH", NOTES + "/rows/r" + SHORT, "{\"values\": {\"note\": \"refuse this\"}}");
        // Answers of this kind end calls of the fill, which rests and begins again.
        provider.next(Collections.nCopies(40, status(500)).toArray(FakeProvider.Behaviour[]::new));
        assertThat(send("PATCH", COLUMN, "{\"model\": \"" + PROVIDED + "\"}").status())
                .isEqualTo(200);

        JsonNode resting = await(column -> !column.at("/change/error").isNull());
        assertThat(resting.path("model").asString()).isEqualTo(LOCAL);
        assertThat(resting.at("/change/error").asString()).contains("500");

        JsonNode blocked = await(column -> column.at("/change/cells/failed").asInt() == 1
                && column.at("/change/cells/pending").asInt() == 0);
        assertThat(blocked.path("model").asString()).isEqualTo(LOCAL);
        assertThat(blocked.at("/change/cells/ready").asInt()).isEqualTo(SHORT + LONG - 1);
        assertThat(blocked.at("/failed_cells/0/key").asString()).isEqualTo("r" + SHORT);
        assertThat(send("POST", COLUMN + "/retry", "").json().path("retried").asInt())
                .isEqualTo(1);
        await(column -> column.at("/change/cells/failed").asInt() == 1);

        send("PATCH", NOTES + "/rows/r" + SHORT, "{\"values\": {\"note\": \"" + note(SHORT) + "\"}}");
        JsonNode swapped = await(column -> column.path("change").isNull());
        assertThat(swapped.path("model").asString()).isEqualTo(PROVIDED);
        assertThat(swapped.path("dimensions").asInt()).isEqualTo(DIMENSION);
        assertThat(ready(swapped)).isEqualTo(SHORT + LONG);
        int before = searches.get();
        await(column ->
                searches.get() > before + 2 * SHORT || searchers.stream().anyMatch(CompletableFuture::isDone));
        enough.set(true);
        for (CompletableFuture<Void> searcher : searchers) {
            searcher.get();
        }
    }
}
