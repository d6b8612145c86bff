package com.akidb.http.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.FakeClientModels;
import com.akidb.http.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ModelFilesRouteTest {

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
    @ValueSource(strings = {"/models/fake/", "/api/v1/models/fake/", "/api/v1/models/org%2Ffake/"})
    void saysHowTextsBecomeVectorsAndWhichGraphsThereAre(String model) {
        TestServer.Reply reply = server.get(model + "files/manifest.json");
        JsonNode json = reply.json();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(json.path("model").asString()).isEqualTo("fake");
        assertThat(json.path("fingerprint").asString()).isEqualTo("fingerprint of fake");
        assertThat(json.path("dimensions").asInt()).isEqualTo(3);
        assertThat(json.path("max_tokens").asInt()).isEqualTo(16);
        assertThat(json.path("pooling").asString()).isEqualTo("mean");
        assertThat(json.path("normalize").asBoolean()).isTrue();
        assertThat(json.at("/prompts/query").asString()).isEqualTo("query: ");
        assertThat(json.at("/prompts/search").asBoolean()).isTrue();
        assertThat(json.at("/tokenizer/bytes").asInt()).isEqualTo(12);
        assertThat(json.path("variants")).hasSize(2);
        assertThat(json.at("/variants/1/name").asString()).isEqualTo("int8");
        assertThat(json.at("/variants/1/file").asString()).isEqualTo("int8.onnx");
        assertThat(json.at("/variants/1/bytes").asInt()).isEqualTo(FakeClientModels.BYTES);
        assertThat(json.at("/variants/1/sha256").asString()).hasSize(64);
        assertThat(json.at("/variants/1/lowest_cosine").asDouble()).isEqualTo(0.9995);
        assertThat(json.toString()).doesNotContain("target");
    }

    @Test
    void sendsAGraphByteByByte() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> reply = client.send(
                    server.to("/api/v1/models/fake/files/int8.onnx")
                            .header("Accept", "application/octet-stream")
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo(FakeClientModels.content());
            assertThat(reply.headers().firstValue("ETag")).hasValue("\"tag-int8\"");
            assertThat(reply.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
            assertThat(reply.headers().firstValueAsLong("Content-Length")).hasValue(FakeClientModels.BYTES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest.json", "tokenizer.json", "fp32.onnx", "int8.onnx"})
    void doesNotSendWhatTheClientHas(String file) {
        String path = "/api/v1/models/fake/files/" + file;
        String tag = server.send(server.to(path).method("HEAD", BodyPublishers.noBody()))
                .header("ETag");

        assertThat(tag).isNotEmpty();
        TestServer.Reply same = server.send(server.to(path).header("If-None-Match", "\"x\", W/" + tag));
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.header("ETag")).isEqualTo(tag);
        assertThat(same.raw().body()).isEmpty();
        assertThat(server.send(server.to(path).header("If-None-Match", "\"other\""))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fake/files/fp16.onnx", "fake/files/fp64.onnx", "fake/files/..%2Fgraph", "other/files/int8.onnx"
            })
    void hasNoOtherFiles(String path) {
        TestServer.Reply reply = server.get("/api/v1/models/" + path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("NOT_FOUND");
    }
}
