package com.akidb.http.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.error.InvalidInputException;
import com.akidb.http.FakeEmbedding;
import com.akidb.http.TestServer;
import com.akidb.http.embed.EmbeddingsEndpoints.GenerateBody;
import com.akidb.http.json.JsonReader;
import com.akidb.vector.VectorCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EmbeddingsRoutesTest {

    private static final String GENERATE = "/api/v1/embeddings/generate";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersOneVectorForAString() {
        JsonNode json = server.post(GENERATE, "{\"text\": \"granite\"}").json();

        assertThat(json.path("embeddings")).hasSize(3);
        assertThat(json.at("/embeddings/0").floatValue()).isEqualTo(FakeEmbedding.vector("granite")[0]);
        assertThat(json.path("model").asString()).isEqualTo("org/fake");
        assertThat(json.path("dimensions").asInt()).isEqualTo(3);
        assertThat(json.path("cached").isBoolean()).isTrue();
    }

    @Test
    void answersAListForAnArrayAlsoOfOne() {
        JsonNode one = server.post(GENERATE, "{\"text\": [\"granite\"], \"model\": \"fake\"}")
                .json();
        JsonNode hundred = server.post(GENERATE, "{\"text\": [\"a\"" + ",\"a\"".repeat(99) + "]}")
                .json();

        assertThat(one.path("embeddings")).hasSize(1);
        assertThat(one.at("/embeddings/0")).hasSize(3);
        assertThat(one.path("model").asString()).isEqualTo("fake");
        assertThat(hundred.path("embeddings")).hasSize(100);
    }

    @Test
    void tellsTheFingerprintOfTheModelThatMadeTheVectors() {
        JsonNode one = server.post(GENERATE, "{\"text\": \"granite\"}").json();
        JsonNode many = server.post(GENERATE, "{\"text\": [\"a\"], \"model\": \"org/fake\"}")
                .json();

        assertThat(one.path("model_fingerprint").asString()).isEqualTo("fingerprint of fake");
        assertThat(many.path("model_fingerprint")).isEqualTo(one.path("model_fingerprint"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"known\" | true",
                "\"other\" | false",
                "[\"known\", \"known\"] | true",
                "[\"known\", \"other\"] | false"
            })
    void saysCachedOnlyIfAllVectorsCameFromTheCache(String text, boolean cached) {
        assertThat(server.post(GENERATE, "{\"text\": " + text + "}")
                        .json()
                        .path("cached")
                        .booleanValue())
                .isEqualTo(cached);
    }

    @Test
    void handsTheOptionsOn() {
        server.post(GENERATE, "{\"text\": \"a\", \"options\": {\"cache\": false, \"normalize\": false}}");
        EmbeddingRequest neither = Objects.requireNonNull(server.embedding.last);
        server.post(GENERATE, "{\"text\": \"a\", \"model\": null, \"options\": null}");
        EmbeddingRequest usual = Objects.requireNonNull(server.embedding.last);

        assertThat(neither.useCache()).isFalse();
        assertThat(neither.normalize()).isFalse();
        assertThat(usual.useCache()).isTrue();
        assertThat(usual.normalize()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 400 | MISSING_FIELD | text",
                "{\"text\": null} | 400 | WRONG_TYPE | text",
                "{\"text\": 7} | 400 | WRONG_TYPE | text",
                "{\"text\": {}} | 400 | WRONG_TYPE | text",
                "{\"text\": []} | 400 | INVALID_ARGUMENT | text",
                "{\"text\": \"\"} | 400 | INVALID_ARGUMENT | text",
                "{\"text\": [\"a\", \"\"]} | 400 | INVALID_ARGUMENT | text[1]",
                "{\"text\": [\"a\", null]} | 400 | WRONG_TYPE | text[1]",
                "{\"text\": \"\\ud800\"} | 400 | INVALID_ARGUMENT | text",
                "{\"texts\": \"a\"} | 400 | UNKNOWN_FIELD | texts",
                "{\"text\": \"a\", \"options\": []} | 400 | WRONG_TYPE | options",
                "{\"text\": \"a\", \"options\": {\"cached\": true}} | 400 | UNKNOWN_FIELD | options.cached",
                "{\"text\": \"a\", \"options\": {\"cache\": 1}} | 400 | WRONG_TYPE | options.cache",
                "{\"text\": \"a\", \"model\": 1} | 400 | WRONG_TYPE | model",
                "{\"text\": \"a\", \"model\": \"no\"} | 400 | UNKNOWN_MODEL | model",
                "{\"text\": \"full\"} | 429 | OVERLOADED | ",
                "{\"text\": \"broken\"} | 500 | INTERNAL | ",
                "{\"text\": \"a\" | 400 | MALFORMED_JSON | "
            })
    void refusesByNameAndField(String body, int status, String code, String field) {
        TestServer.Reply reply = server.post(GENERATE, body);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("field").asString("")).isEqualTo(field == null ? "" : field);
        assertThat(reply.json().path("error").asString("")).isNotEmpty();
    }

    @Test
    void refusesMoreThanAHundredTexts() {
        TestServer.Reply reply = server.post(GENERATE, "{\"text\": [\"a\"" + ",\"a\"".repeat(100) + "]}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("error").asString()).isEqualTo("Maximum 100 texts per request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/embeddings/models", "/embeddings/models"})
    void listsTheDefaultFirstUnderItsConfiguredName(String path) {
        JsonNode json = server.get(path).json();

        assertThat(json.path("models")).hasSize(1);
        assertThat(json.at("/models/0"))
                .isEqualTo(TestServer.JSON.readTree(
                        "{\"id\": \"org/fake\", \"dimensions\": 3, \"type\": \"sentence\", \"cached\": true}"));
    }

    @Test
    void preloadsAModelAndClearsTheCache() {
        TestServer.Reply loaded = server.post("/api/v1/embeddings/models/preload", "{\"model\": \"fake\"}");
        TestServer.Reply unknown = server.post("/api/v1/embeddings/models/preload", "{\"model\": \"no\"}");
        int before = server.embedding.cleared.get();
        TestServer.Reply cleared = server.delete("/api/v1/embeddings/cache");

        assertThat(loaded.status()).isEqualTo(200);
        assertThat(loaded.json().path("id").asString()).isEqualTo("fake");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.code()).isEqualTo("UNKNOWN_MODEL");
        assertThat(cleared.status()).isEqualTo(204);
        assertThat(server.embedding.cleared).hasValue(before + 1);
    }

    @Test
    void readsOrRefusesAnyBody() {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        List<String> pieces = List.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"text\"",
                "\"model\"",
                "\"options\"",
                "\"cache\"",
                "\"normalize\"",
                "\"a\"",
                "\"fake\"",
                "true",
                "false",
                "null",
                "1",
                "-",
                "\"\"",
                "\"\\ud800\"",
                " ",
                "\0",
                "é");
        for (int round = 0; round < 50_000; round++) {
            StringBuilder body = new StringBuilder(random.nextBoolean() ? "{\"text\":" : "");
            for (int i = random.nextInt(12); i > 0; i--) {
                body.append(pieces.get(random.nextInt(pieces.size())));
            }
            byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            try {
                GenerateBody.read(new JsonReader(bytes, bytes.length))
                        .request("fake", Duration.ofSeconds(1), Account.SERVER);
            } catch (InvalidInputException refused) {
                assertThat(refused.detail()).isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + body, e);
            }
        }
    }

    @Test
    void givesVectorsAsBase64ToWhoAsks() {
        String path = "/api/v1/embeddings/generate";
        TestServer.Reply one = server.post(path, "{\"text\": \"a\", \"encoding_format\": \"base64\"}");
        TestServer.Reply many = server.post(path, "{\"text\": [\"a\"], \"encoding_format\": \"base64\"}");

        assertThat(one.json().path("embeddings").asString())
                .isEqualTo(VectorCodec.encodeBase64(FakeEmbedding.vector("a")));
        assertThat(many.json().at("/embeddings/0")).isEqualTo(one.json().path("embeddings"));
    }
}
