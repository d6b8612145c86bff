package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.collection.SearchRequest;
import com.akidb.grpc.proto.collection.SearchResponse;
import com.akidb.grpc.proto.embedding.Embedding;
import com.akidb.grpc.proto.embedding.EmbeddingRequest;
import com.akidb.grpc.proto.embedding.EmbeddingResponse;
import com.akidb.grpc.proto.embedding.EmbeddingServiceGrpc;
import com.akidb.grpc.proto.embedding.ModelInfoRequest;
import com.akidb.grpc.proto.embedding.ModelInfoResponse;
import com.akidb.vector.Vectors;
import com.google.protobuf.util.JsonFormat;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole server with the real model, engine and sockets, asked by REST and gRPC. */
class E2eEmbeddingTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext server;
    private static ManagedChannel channel;
    private static String rest;
    private static int grpcPort;

    @BeforeAll
    static void start() {
        server = SpringApplication.run(
                AkidbApplication.class,
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--akidb.data-dir=" + data,
                "--spring.main.register-shutdown-hook=false");
        rest = "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port");
        grpcPort = server.getBean(GrpcServerLifecycle.class).getPort();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void embedsByGrpcWithAllFieldsSet() {
        EmbeddingServiceGrpc.EmbeddingServiceBlockingStub stub = EmbeddingServiceGrpc.newBlockingStub(channel);
        EmbeddingResponse response = stub.embed(EmbeddingRequest.newBuilder()
                .addTexts("granite")
                .addTexts("basalt")
                .setModel("all-minilm-l6-v2")
                .setPooling("mean")
                .setNormalize(true)
                .build());
        assertThat(response.getEmbeddingsCount()).isEqualTo(2);
        assertThat(response.getDimension()).isEqualTo(384);
        assertThat(response.hasUsage()).isTrue();
        for (Embedding embedding : response.getEmbeddingsList()) {
            double norm = Vectors.norm(array(embedding));
            assertThat(Math.abs(norm - 1))
                    .as("Embedding not normalized: norm = %s", norm)
                    .isLessThan(0.01);
        }
        ModelInfoResponse info = stub.getModelInfo(ModelInfoRequest.getDefaultInstance());
        assertThat(info.getModel()).isEqualTo("all-minilm-l6-v2");
        assertThat(info.getDimension()).isEqualTo(384);
        assertThat(info.getMaxTokens()).isEqualTo(256);
    }

    @Test
    void sharesOneCacheAndOneEngineBetweenTheEmbeddingSurfaces() throws Exception {
        JsonNode embedded = post("/embed", "{\"texts\": [\"shared by all surfaces\"]}", 200);
        String body = "{\"text\": \"shared by all surfaces\", \"model\": \"all-minilm-l6-v2\"}";
        JsonNode cached = post("/api/v1/embeddings/generate", body, 200);
        JsonNode fresh = post(
                "/api/v1/embeddings/generate",
                "{\"text\": [\"shared by all surfaces\"], \"options\": {\"cache\": false}}",
                200);

        assertThat(cached.path("cached").booleanValue()).isTrue();
        assertThat(cached.path("embeddings")).isEqualTo(embedded.at("/embeddings/0"));
        assertThat(fresh.path("cached").booleanValue()).isFalse();
        assertThat(fresh.at("/embeddings/0")).isEqualTo(embedded.at("/embeddings/0"));
        assertThat(fresh.path("model").asString()).isEqualTo("sentence-transformers/all-MiniLM-L6-v2");
    }

    @Test
    void givesTheSameVectorsAndCountsByRestAndGrpc() throws Exception {
        JsonNode byRest = post("/embed", "{\"texts\": [\"rain in the hills\", \"snow on the pass\"]}", 200);
        EmbeddingResponse byGrpc = EmbeddingServiceGrpc.newBlockingStub(channel)
                .embed(EmbeddingRequest.newBuilder()
                        .addTexts("rain in the hills")
                        .addTexts("snow on the pass")
                        .build());
        for (int text = 0; text < 2; text++) {
            JsonNode vector = byRest.get("embeddings").get(text);
            assertThat(vector.size()).isEqualTo(384);
            for (int i = 0; i < 384; i++) {
                assertThat(byGrpc.getEmbeddings(text).getValues(i))
                        .isEqualTo((float) vector.get(i).doubleValue());
            }
        }
        assertThat(byGrpc.getModel()).isEqualTo(byRest.get("model").stringValue());
        assertThat(byGrpc.getUsage().getTotalTokens())
                .isEqualTo(byRest.get("usage").get("total_tokens").longValue());
    }

    @Test
    void embedsInsertsAndSearches() throws Exception {
        JsonNode made = post(
                "/collections", "{\"name\": \"test_collection\", \"dimension\": 384, \"metric\": \"cosine\"}", 201);
        String documents = "/collections/" + made.get("id").stringValue() + "/documents";
        JsonNode first =
                post(documents, "{\"text\": \"Machine learning is a subset of artificial intelligence\"}", 201);
        assertThat(first.get("vector_generated").booleanValue()).isTrue();
        String vector = "[" + "0.001,".repeat(383) + "0.001]";
        JsonNode second =
                post(documents, "{\"text\": \"Deep learning uses neural networks\", \"vector\": " + vector + "}", 201);
        assertThat(second.get("vector_generated").booleanValue()).isFalse();

        String search = "{\"query\": \"What is machine learning?\", \"k\": 10}";
        JsonNode found = post("/collections/test_collection/search", search, 200);
        assertThat(found.get("query_embedded").booleanValue()).isTrue();
        JsonNode best = found.get("results").get(0);
        assertThat(best.get("id")).isEqualTo(first.get("id"));
        assertThat(best.get("score").doubleValue()).isGreaterThan(0.7);

        SearchRequest.Builder request = SearchRequest.newBuilder().setCollection("test_collection");
        JsonFormat.parser().merge(search, request);
        SearchResponse byGrpc = CollectionServiceGrpc.newBlockingStub(channel).search(request.build());
        assertThat(byGrpc.getResultsCount()).isEqualTo(found.get("results").size());
        assertThat(byGrpc.getResults(0).getId()).isEqualTo(best.get("id").stringValue());
        assertThat(byGrpc.getResults(0).getScore())
                .isEqualTo((float) best.get("score").doubleValue());
    }

    @Test
    void filtersByMetadata() throws Exception {
        post("/collections", "{\"name\": \"trail_reports\"}", 201);
        post("/collections/trail_reports/documents", """
                {"documents": [
                  {"id": "r-17", "text": "The ford is knee deep after rain", "metadata": {"area": "north", "depth": 2}},
                  {"id": "r-18", "text": "The ford is dry", "metadata": {"area": {"name": "south"}, "depth": 0}}]}""", 201);
        assertThat(found("[{\"column\": \"area\", \"operator\": \"=\", \"value\": \"north\"}]"))
                .containsExactly("r-17");
        assertThat(found("[{\"column\": \"metadata.area.name\", \"operator\": \"like\", \"value\": \"so%\"}]"))
                .containsExactly("r-18");
        assertThat(found("{\"or\": [{\"column\": \"depth\", \"operator\": \">=\", \"value\": 2}, "
                        + "{\"column\": \"id\", \"operator\": \"in\", \"value\": [\"r-18\"]}]}"))
                .containsExactlyInAnyOrder("r-17", "r-18");
    }

    @Test
    void tellsItsHealthByGrpc() {
        HealthGrpc.HealthBlockingStub stub = HealthGrpc.newBlockingStub(channel);
        for (String service :
                new String[] {"", "akidb.embedding.EmbeddingService", "akidb.collection.CollectionService"}) {
            assertThat(stub.check(HealthCheckRequest.newBuilder()
                                    .setService(service)
                                    .build())
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void survivesRandomBytesOnTheGrpcPort() throws IOException {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            try (Socket socket = new Socket("127.0.0.1", grpcPort)) {
                OutputStream out = socket.getOutputStream();
                if (random.nextBoolean()) {
                    out.write(preface);
                }
                out.write(bytes);
            } catch (IOException closed) {
                // The server may hang up on such a client at any time.
            }
        }
        ModelInfoResponse info = EmbeddingServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .getModelInfo(ModelInfoRequest.getDefaultInstance());
        assertThat(info.getDimension()).as("seed %s", seed).isEqualTo(384);
    }

    private static List<String> found(String filter) throws Exception {
        JsonNode found =
                post("/collections/trail_reports/search", "{\"query\": \"the ford\", \"filter\": " + filter + "}", 200);
        SearchRequest.Builder request = SearchRequest.newBuilder();
        JsonFormat.parser()
                .merge(
                        "{\"collection\": \"trail_reports\", \"query\": \"the ford\", \"filter\": " + filter + "}",
                        request);
        SearchResponse byGrpc = CollectionServiceGrpc.newBlockingStub(channel).search(request.build());
        List<String> ids = found.get("results")
                .valueStream()
                .map(result -> result.get("id").stringValue())
                .toList();
        assertThat(byGrpc.getResultsList().stream().map(result -> result.getId()))
                .containsExactlyElementsOf(ids);
        return ids;
    }

    private static JsonNode post(String path, String body, int status) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(rest + path))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            return JSON.readTree(response.body());
        }
    }

    private static float[] array(Embedding embedding) {
        float[] array = new float[embedding.getValuesCount()];
        for (int i = 0; i < array.length; i++) {
            array[i] = embedding.getValues(i);
        }
        return array;
    }
}
