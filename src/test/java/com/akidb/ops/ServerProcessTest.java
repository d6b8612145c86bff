package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show. */
@Timeout(300)
class ServerProcessTest {

    private static final int REQUESTS = 4;
    private static final int SIGTERM_STATUS = 128 + 15;

    @TempDir
    Path data;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void answersEveryAcceptedRequestWhenToldToStopAndClosesInOrder() throws Exception {
        try (ServerProcess server = new ServerProcess(
                data, "--akidb.http.request-timeout=5m", "--spring.lifecycle.timeout-per-shutdown-phase=5m")) {
            int port = server.awaitPort();
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, REQUESTS)
                    .mapToObj(number -> client.sendAsync(longWork(port, number), HttpResponse.BodyHandlers.ofString()))
                    .toList();
            awaitRequestsInFlight(port);
            server.terminate();
            int status = server.awaitEnd();
            assertThat(answers)
                    .as(server.log())
                    .allSatisfy(answer -> assertThat(answer)
                            .succeedsWithin(Duration.ZERO)
                            .extracting(HttpResponse::statusCode)
                            .isEqualTo(200));
            assertThat(status).isEqualTo(SIGTERM_STATUS);
            assertThat(server.log())
                    .containsSubsequence("Draining", "Closed the embedding manager", "Closed the table engine");
        }
    }

    @Test
    void refusesToShareItsDataDirectory() throws Exception {
        try (ServerProcess first = new ServerProcess(data);
                ServerProcess second = second(first)) {
            assertThat(second.awaitEnd()).isEqualTo(1);
            assertThat(second.log()).contains("is in use by process").contains("akidb.data-dir");
        }
    }

    private ServerProcess second(ServerProcess first) throws IOException {
        assertThat(first.awaitPort()).isPositive();
        return new ServerProcess(data);
    }

    @Test
    void endsWithTheCauseWhenTheModelIsCutShort() throws Exception {
        Path model = Files.createDirectory(data.resolve("model"));
        Files.write(model.resolve("model.onnx"), new byte[] {8, 7, 18});
        Files.writeString(model.resolve("tokenizer.json"), "{");
        String entry = "--akidb.models.entries[0].";
        try (ServerProcess server = new ServerProcess(
                data.resolve("store"),
                entry + "id=cut-short",
                entry + "dimension=8",
                entry + "max-tokens=16",
                entry + "source.directory=" + model,
                "--akidb.embedding.model-name=cut-short")) {
            assertThat(server.awaitPort()).isZero();
            assertThat(server.awaitEnd()).isEqualTo(1);
            assertThat(server.log()).contains("Failed to initialize embedding manager: ");
        }
    }

    /** A dozen distinct texts of about a hundred tokens: a second of work or more for all requests together. */
    private static HttpRequest longWork(int port, int number) {
        String texts = IntStream.range(0, 12)
                .mapToObj(text ->
                        "\"" + "stones %d of %d in the river ".repeat(16).replace("%d", number + " " + text) + "\"")
                .collect(Collectors.joining(","));
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/embed"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"texts\":[" + texts + "]}"))
                .build();
    }

    /** Waits until the embedding manager has taken all requests. */
    private void awaitRequestsInFlight(int port) throws IOException, InterruptedException {
        HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        String taken = "akidb_embedding_batch_size_count{model=\"all-minilm-l6-v2\"} " + REQUESTS + "\n";
        while (!client.send(metrics, HttpResponse.BodyHandlers.ofString())
                .body()
                .contains(taken)) {
            Thread.onSpinWait();
        }
    }
}
