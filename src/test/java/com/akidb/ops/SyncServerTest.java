package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.sync.SyncClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of clients that synchronise when the server stops, or comes back with older data. */
class SyncServerTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private static JsonNode post(int port, String path, String body) throws Exception {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isLessThan(300);
        return JSON.readTree(response.body());
    }

    private static void table(int port) throws Exception {
        post(
                port,
                "/api/v1/tables",
                "{\"name\": \"t\", \"primary_key\": \"id\", \"columns\": [{\"name\": \"id\", \"type\": \"string\"}]}");
    }

    private static void end(ServerProcess server) throws IOException {
        server.terminate();
        assertThat(server.awaitEnd()).as(server.log()).isEqualTo(143);
    }

    private static JsonNode push(int port, SyncClient client) throws Exception {
        return post(port, "/api/v1/sync/push", client.push());
    }

    private static JsonNode pull(int port, SyncClient client) throws Exception {
        JsonNode base = client.cookie();
        JsonNode answer = post(port, "/api/v1/sync/pull", client.pull());
        if (answer.has("patch")) {
            client.take(answer, base);
        }
        return answer;
    }

    private static void insert(SyncClient client, String key) {
        client.mutate("insert", "{\"table\": \"t\", \"rows\": [{\"id\": \"" + key + "\"}]}");
    }

    @Test
    void tellsClientsWhenOlderDataTookThePlaceOfWhatTheyKnow() throws Exception {
        Path data = directory.resolve("data");
        Path copy = directory.resolve("copy");
        SyncClient client = new SyncClient("[{\"table\": \"t\"}]");
        try (ServerProcess server = new ServerProcess(data)) {
            int port = server.awaitPort();
            table(port);
            insert(client, "before");
            push(port, client);
            pull(port, client);
            end(server);
        }
        FileSystemUtils.copyRecursively(data, copy);
        try (ServerProcess server = new ServerProcess(data)) {
            int port = server.awaitPort();
            assertThat(pull(port, client).path("patch")).isEmpty();
            insert(client, "lost");
            push(port, client);
            pull(port, client);
            assertThat(client.replica).containsOnlyKeys("t/before", "t/lost");
            end(server);
        }
        try (ServerProcess server = new ServerProcess(copy)) {
            int port = server.awaitPort();
            SyncClient other = new SyncClient("[{\"table\": \"t\"}]");
            insert(other, "a");
            insert(other, "b");
            insert(other, "c");
            push(port, other);
            // By now there are commits of the same numbers, and others.
            assertThat(pull(port, client).toString())
                    .isEqualTo("{\"error\":\"ClientStateNotFound\",\"lastMutationIDs\":{\"" + client.client + "\":1}}");
            end(server);
        }
    }

    @Test
    void tellsThoseWhoListenThatItStops() throws Exception {
        try (ServerProcess server = new ServerProcess(directory.resolve("data"))) {
            int port = server.awaitPort();
            table(port);
            CompletableFuture<Boolean> poked = new CompletableFuture<>();
            CompletableFuture<Boolean> drained = new CompletableFuture<>();
            CompletableFuture<Boolean> closed = new CompletableFuture<>();
            Map<String, CompletableFuture<Boolean>> awaited = Map.of("poke", poked, "drain", drained);
            WebSocket socket = HTTP.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/sync/socket"), new WebSocket.Listener() {
                        @Override
                        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                            awaited.forEach((word, future) -> {
                                if (text.toString().contains("\"" + word + "\"")) {
                                    future.complete(true);
                                }
                            });
                            from.request(1);
                            return null;
                        }

                        @Override
                        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
                            closed.complete(true);
                            return null;
                        }
                    })
                    .join();
            socket.sendText("{\"type\": \"subscribe\", \"tables\": [\"t\"]}", true)
                    .join();
            assertThat(poked.get(60, TimeUnit.SECONDS)).isTrue();
            end(server);
            assertThat(drained.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(closed.get(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
