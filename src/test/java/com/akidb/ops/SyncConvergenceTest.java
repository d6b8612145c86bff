package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.sync.SyncClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Clients that edit at random over a network that loses, doubles and reorders, at a server that is killed now and then: in the
 * end all have the same, each mutation was done once, and a model that applies them one after the other agrees.
 */
class SyncConvergenceTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ROUNDS = Integer.getInteger("akidb.test.sync-rounds", 30);
    private static final long SEED = Long.getLong("akidb.test.seed", System.nanoTime());
    private static final int CLIENTS = 4;
    private static final int SHARED = 5;
    private static final int OWN = 6;

    @TempDir
    private Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private String url = "";

    /** A client, and what its mutations must come to. */
    private final class Editor {

        private final int number;
        private final Random random;
        private final SyncClient client;
        private final List<String> earlier = new ArrayList<>();

        /** Rows that nobody else writes: the value of {@code own} by key. */
        private final Map<String, String> rows = new TreeMap<>();

        /** Values of the client's own field of rows that all write. */
        private final Map<String, String> fields = new TreeMap<>();

        private final Map<Long, String> refused = new TreeMap<>();

        Editor(int number) {
            this.number = number;
            this.random = new Random(SEED + number);
            this.client = new SyncClient("[{\"table\": \"t\"}]").limit(7);
        }

        void round() {
            for (int edits = random.nextInt(5); edits > 0; edits--) {
                edit();
            }
            for (int steps = random.nextInt(6); steps > 0; steps--) {
                step();
            }
        }

        private void edit() {
            String value = "v" + random.nextInt(1_000_000);
            if (random.nextInt(3) == 0) {
                String key = "shared" + random.nextInt(SHARED);
                client.mutate(
                        "update",
                        "{\"table\": \"t\", \"key\": \"" + key + "\", \"values\": {\"f" + number + "\": \"" + value
                                + "\", \"any\": \"" + value + "\"}}");
                fields.put(key, value);
                return;
            }
            String key = "c" + number + "-" + random.nextInt(OWN);
            boolean there = rows.containsKey(key);
            switch (random.nextInt(4)) {
                case 0 -> {
                    long id = client.mutate("insert", insertion(key, value, "error"));
                    if (there) {
                        refused.put(id, "ALREADY_EXISTS");
                    } else {
                        rows.put(key, value);
                    }
                }
                case 1 -> {
                    client.mutate("insert", insertion(key, value, "replace"));
                    rows.put(key, value);
                }
                case 2 -> {
                    long id = client.mutate(
                            "update",
                            "{\"table\": \"t\", \"key\": \"" + key + "\", \"values\": {\"own\": \"" + value + "\"}}");
                    if (there) {
                        rows.put(key, value);
                    } else {
                        refused.put(id, "NOT_FOUND");
                    }
                }
                default -> {
                    client.mutate("delete", "{\"table\": \"t\", \"key\": \"" + key + "\"}");
                    rows.remove(key);
                }
            }
        }

        private static String insertion(String key, String value, String onConflict) {
            return "{\"table\": \"t\", \"rows\": [{\"id\": \"" + key + "\", \"own\": \"" + value
                    + "\"}], \"onConflict\": \"" + onConflict + "\"}";
        }

        private void step() {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    String push = client.push();
                    earlier.add(push);
                    post("/api/v1/sync/push", push);
                }
                case 2 -> {
                    // The same at once, twice.
                    String push = client.push();
                    CompletableFuture<JsonNode> other = CompletableFuture.supplyAsync(
                            () -> post("/api/v1/sync/push", push), Thread::startVirtualThread);
                    post("/api/v1/sync/push", push);
                    other.join();
                }
                case 3 -> {
                    if (!earlier.isEmpty()) {
                        post("/api/v1/sync/push", earlier.get(random.nextInt(earlier.size())));
                    }
                }
                case 4 -> pull(random.nextBoolean());
                default -> pull(true);
            }
        }

        /** @param arrives whether the answer comes back */
        private JsonNode pull(boolean arrives) {
            JsonNode base = client.cookie();
            JsonNode answer = post("/api/v1/sync/pull", client.pull());
            if (arrives && answer.has("patch")) {
                client.take(answer, base);
            }
            return answer;
        }

        void finish() {
            boolean complete = false;
            for (int tries = 0; !complete; tries++) {
                if (tries == 100) {
                    throw new AssertionError("client " + number + " does not come to an end: " + client.outbox);
                }
                assertThat(post("/api/v1/sync/push", client.push()).has("refused"))
                        .isTrue();
                JsonNode answer = pull(true);
                while (answer.path("more").asBoolean()) {
                    answer = pull(true);
                }
                complete = client.outbox.isEmpty();
            }
        }
    }

    /** An answer of status 200; anything else is as if nothing came back. */
    private JsonNode post(String path, String body) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .header("Content-Type", "application/json")
                            .timeout(Duration.ofSeconds(60))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isNotIn(400, 403, 404, 500);
            JsonNode answer = JSON.readTree(response.body());
            assertThat(answer.path("error").asString("")).isNotEqualTo("ClientStateNotFound");
            return response.statusCode() < 300 ? answer : JSON.createObjectNode();
        } catch (IOException e) {
            return JSON.createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private ServerProcess start(Path data, int port) throws IOException {
        ServerProcess server = new ServerProcess(data, port, "--akidb.engine.change-log=1000");
        assertThat(server.awaitPort()).as(server.log()).isEqualTo(port);
        return server;
    }

    @Test
    void allHaveTheSameInTheEndAndEachMutationIsDoneOnce() throws IOException {
        System.out.println("akidb.test.seed=" + SEED);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        url = "http://127.0.0.1:" + port;
        Path data = directory.resolve("data");
        ServerProcess server = start(data, port);
        try {
            post("/api/v1/tables", "{\"name\": \"t\", \"primary_key\": \"id\", \"columns\": [" + """
                {"name": "id", "type": "string"}, {"name": "own", "type": "string"}, {"name": "any", "type": "string"},
                {"name": "f0", "type": "string"}, {"name": "f1", "type": "string"}, {"name": "f2", "type": "string"},
                {"name": "f3", "type": "string"}]}
                """);
            for (int i = 0; i < SHARED; i++) {
                post("/api/v1/tables/t/rows", "{\"rows\": [{\"id\": \"shared" + i + "\"}]}");
            }
            List<Editor> editors = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                editors.add(new Editor(i));
            }
            Random random = new Random(SEED);
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<Void>> running = editors.stream()
                        .map(editor -> CompletableFuture.runAsync(editor::round, Thread::startVirtualThread))
                        .toList();
                if (round % 10 == 5) {
                    while (random.nextInt(1_000_000) > 0) {
                        Thread.onSpinWait();
                    }
                    server.kill();
                    server = start(data, port);
                }
                if (round == ROUNDS / 2) {
                    post("/api/v1/tables/t/columns", "{\"name\": \"extra\", \"type\": \"int\", \"default\": 7}");
                }
                running.forEach(CompletableFuture::join);
            }
            editors.forEach(Editor::finish);
            editors.forEach(Editor::finish);
            compare(editors);
        } finally {
            server.close();
        }
    }

    private void compare(List<Editor> editors) {
        Map<String, JsonNode> stored = new TreeMap<>();
        for (JsonNode row : post("/api/v1/tables/t/query", "{\"limit\": 10000, \"include_meta\": true}")
                .path("rows")) {
            ((ObjectNode) row).remove("changed_at");
            stored.put("t/" + row.path("id").asString(), row);
        }
        Map<String, String> expected = new TreeMap<>();
        for (Editor editor : editors) {
            String who = "client " + editor.number + ", seed " + SEED;
            assertThat(editor.client.replica).as(who).isEqualTo(stored);
            assertThat(editor.client.refused).as(who).isEqualTo(editor.refused);
            editor.rows.forEach((key, value) -> expected.put("t/" + key, value));
            editor.fields.forEach((key, value) -> assertThat(stored.getOrDefault("t/" + key, JSON.missingNode())
                            .path("f" + editor.number)
                            .asString())
                    .as(who + ", row " + key)
                    .isEqualTo(value));
        }
        Map<String, String> own = new TreeMap<>();
        stored.forEach((key, row) -> {
            if (key.startsWith("t/c")) {
                own.put(key, row.path("own").asString());
            }
        });
        assertThat(own).as("seed " + SEED).isEqualTo(expected);
    }
}
