package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.akidb.ops.ServerProcess;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole servers that run a user's own package, which has its weights with it. */
@Timeout(300)
class MlxServerTest {

    private static final int SIGTERM_STATUS = 128 + 15;
    private static final int OUT_OF_MEMORY_STATUS = 3;
    private static final long MOST_MEMORY = 36L << 30;

    private static final String PACKAGE = """
            import json, os, threading
            import mlx.core as mx

            HERE = os.path.dirname(__file__)

            class EmbeddingService:
                def __init__(self, model_name):
                    print("asked for", model_name)
                    if os.path.exists(os.path.join(HERE, "slow")):
                        threading.Event().wait()
                    with open(os.path.join(HERE, "weights.json")) as weights:
                        self.weights = mx.array(json.load(weights))

                def embed(self, texts):
                    if texts == ["too much"]:
                        return [0.0] * (2**31 - 9)
                    counts = mx.array([[float(text.count(letter)) for letter in "abc"] for text in texts])
                    return (counts @ self.weights).tolist()
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writePackage() throws IOException {
        MlxTesting.require(Isolation.THREAD);
        Path own = Files.createDirectories(folder.resolve("packages/akidb_mlx"));
        Files.writeString(own.resolve("embedding_service.py"), PACKAGE);
        Files.writeString(own.resolve("weights.json"), "[[1, 0], [0, 2], [0.5, 0.25]]");
    }

    /** A server that has no model's files and can get none. */
    private ServerProcess server(String name, String... options) throws IOException {
        String entry = "--akidb.models.entries[0].";
        List<String> all = new ArrayList<>(List.of(
                "--akidb.mlx.python-path=" + folder.resolve("packages"),
                "--akidb.models.cache-dir=" + folder.resolve("cache"),
                "--akidb.hub.endpoint=http://127.0.0.1:1",
                "--akidb.hub.home=" + folder.resolve("none"),
                entry + "id=letters",
                entry + "backend=mlx",
                entry + "dimension=2",
                entry + "max-tokens=16",
                "--akidb.embedding.model-name=letters"));
        if (System.getProperty("mlx.site") != null) {
            all.add("--akidb.mlx.site=" + System.getProperty("mlx.site"));
        }
        all.addAll(List.of(options));
        return new ServerProcess(folder.resolve(name), all.toArray(String[]::new));
    }

    @Test
    void answersWithTheVectorsOfAPackageThatHasItsWeightsWithIt() throws Exception {
        try (ServerProcess server = server("data")) {
            int port = server.awaitPort();
            assertThat(port).as(server.log()).isPositive();
            assertThat(embed(port)).isEqualTo("[[2.5,2.25],[0.5,4.25]]");
            JsonNode health = json(port, "/health", null);
            assertThat(health.path("status").asString()).isEqualTo("ok");
            assertThat(health.path("model").asString()).isEqualTo("letters");
            assertThat(health.at("/workers/letters").toString()).isEqualTo("{\"size\":2,\"ready\":2,\"restarts\":0}");
            JsonNode models = json(port, "/api/v1/embeddings/models", null);
            assertThat(models.path("models")
                            .valueStream()
                            .filter(model -> model.path("id").asString().equals("letters")))
                    .singleElement()
                    .satisfies(model ->
                            assertThat(model.path("cached").asBoolean()).isTrue());
            server.terminate();
            assertThat(server.awaitEnd()).as(server.log()).isEqualTo(SIGTERM_STATUS);
            assertThat(server.log()).contains("asked for letters");
        }
    }

    @Test
    void sharesItsCacheAndTheBindingWithAnotherServer() throws Exception {
        MlxTesting.require(Isolation.CONTEXT);
        String isolation = "--akidb.mlx.isolation=context";
        try (ServerProcess one = server("one", isolation);
                ServerProcess other = server("other", isolation)) {
            for (ServerProcess server : List.of(one, other)) {
                int port = server.awaitPort();
                assertThat(port).as(server.log()).isPositive();
                assertThat(embed(port)).isEqualTo("[[2.5,2.25],[0.5,4.25]]");
            }
            for (ServerProcess server : List.of(one, other)) {
                server.terminate();
                assertThat(server.awaitEnd()).as(server.log()).isEqualTo(SIGTERM_STATUS);
            }
        }
    }

    @Test
    void stopsInOrderWhileAModelLoads() throws Exception {
        Files.createFile(folder.resolve("packages/akidb_mlx/slow"));
        try (ServerProcess server =
                server("data", "--akidb.mlx.close-timeout=1s", "--akidb.mlx.interrupt-timeout=1s")) {
            assertThat(server.awaitLine("asked for letters")).as(server.log()).isTrue();
            server.terminate();
            assertThat(server.awaitEnd()).as(server.log()).isEqualTo(SIGTERM_STATUS);
        }
    }

    /** The whole process goes, and whoever supervises it starts it again: nobody knows what else lacked memory. */
    @Test
    void endsTheProcessWhenPythonWantsMoreThanTheHeapOfTheJvm() throws Exception {
        long machine = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        assumeTrue(
                machine < MOST_MEMORY,
                "The heap, a share of the machine's memory, has room for the largest list there can be");
        try (ServerProcess server = server("data")) {
            int port = server.awaitPort();
            assertThat(port).as(server.log()).isPositive();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/embed"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"texts\": [\"too much\"]}"))
                    .build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()))
                        .isInstanceOf(IOException.class);
            }
            assertThat(server.awaitEnd()).as(server.log()).isEqualTo(OUT_OF_MEMORY_STATUS);
            assertThat(server.log()).contains("java.lang.OutOfMemoryError");
        }
    }

    private static String embed(int port) throws Exception {
        return json(port, "/embed", "{\"texts\": [\"aab c\", \"bb c\"], \"normalize\": false}")
                .path("embeddings")
                .toString();
    }

    private static JsonNode json(int port, String path, @Nullable String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JsonMapper.shared().readTree(answer.body());
        }
    }
}
