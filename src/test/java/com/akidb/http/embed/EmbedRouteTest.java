package com.akidb.http.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.FakeEmbedding;
import com.akidb.http.TestServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EmbedRouteTest {

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
    @ValueSource(strings = {"/embed", "/api/v1/embed"})
    void answersOneVectorPerTextInTheOrderOfTheTexts(String path) {
        TestServer.Reply reply = server.post(path, "{\"texts\": [\"rain in the hills\", \"snow on the pass\"]}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.json().at("/model").asString()).isEqualTo("fake");
        assertThat(reply.json().at("/dimension").asInt()).isEqualTo(3);
        assertThat(reply.json().at("/usage/total_tokens").asInt()).isEqualTo(10);
        assertThat(reply.json().at("/usage/duration_ms").isIntegralNumber()).isTrue();
        assertThat(reply.json().has("truncated")).isFalse();
        assertThat(floats(reply.json().at("/embeddings/0"))).isEqualTo(FakeEmbedding.vector("rain in the hills"));
        assertThat(floats(reply.json().at("/embeddings/1"))).isEqualTo(FakeEmbedding.vector("snow on the pass"));
    }

    @Test
    void answersBase64WhenAskedTo() {
        TestServer.Reply reply = server.post("/embed", "{\"texts\": [\"a\"], \"encoding_format\": \"base64\"}");

        byte[] bytes =
                Base64.getDecoder().decode(reply.json().at("/embeddings/0").asString());
        float[] vector = new float[3];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        assertThat(vector).isEqualTo(FakeEmbedding.vector("a"));
    }

    @Test
    void echoesTheModelThatWasAskedFor() {
        TestServer.Reply reply = server.post("/embed", "{\"texts\": [\"a\"], \"model\": \"org/fake\"}");

        assertThat(reply.json().at("/model").asString()).isEqualTo("org/fake");
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(array.get(i).asString());
        }
        return values;
    }
}
