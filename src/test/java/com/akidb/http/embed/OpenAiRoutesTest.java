package com.akidb.http.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.http.FakeEmbedding;
import com.akidb.http.TestServer;
import com.akidb.model.Pooling;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OpenAiRoutesTest {

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
    @ValueSource(
            strings = {
                "{\"input\": \"a\", \"model\": \"fake\"}",
                "{\"input\": [\"a\"], \"model\": \"fake\", \"encoding_format\": \"float\", \"user\": \"u\"}"
            })
    void embedsAStringOrAnArrayOfStrings(String body) {
        JsonNode json = server.post("/v1/embeddings", body).json();

        assertThat(json.at("/object").asString()).isEqualTo("list");
        assertThat(json.at("/model").asString()).isEqualTo("fake");
        assertThat(json.at("/data/0/object").asString()).isEqualTo("embedding");
        assertThat(json.at("/data/0/index").asInt()).isZero();
        assertThat(json.at("/data/0/embedding")).hasSize(3);
        assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void answersBase64WhenAskedTo() {
        JsonNode json = server.post("/v1/embeddings", "{\"input\": \"a\", \"encoding_format\": \"base64\"}")
                .json();

        assertThat(json.at("/data/0/embedding").asString()).hasSize(16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 2]", "[[1, 2], [3]]"})
    void saysClearlyThatTokenArraysAreNotTaken(String input) {
        TestServer.Reply reply = server.post("/v1/embeddings", "{\"input\": " + input + "}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").asString()).contains("token arrays");
        assertThat(reply.json().at("/error/param").asString()).isEqualTo("input");
        assertThat(reply.json().at("/error/type").asString()).isEqualTo("invalid_request_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"input\": []}", "{\"input\": 5}", "{\"input\": [", "{\"inputs\": \"a\"}"})
    void refusesWrongBodiesInItsOwnWay(String body) {
        TestServer.Reply reply = server.post("/v1/embeddings", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.json().at("/error/message").asString()).isNotEmpty();
        assertThat(reply.json().at("/error/type").asString()).isEqualTo("invalid_request_error");
    }

    @Test
    void saysThatAModelDoesNotExist() {
        TestServer.Reply reply = server.post("/v1/embeddings", "{\"input\": \"a\", \"model\": \"gpt\"}");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().at("/error/code").asString()).isEqualTo("model_not_found");
        assertThat(server.get("/v1/models/gpt").status()).isEqualTo(404);
    }

    @Test
    void takesTheFieldsThatClientsSendAsExtraBody() {
        TestServer.Reply reply = server.post(
                "/v1/embeddings",
                "{\"input\": \"a\", \"truncate\": false, \"input_type\": \"query\", \"normalize\": false, \"pooling\":"
                        + " \"cls\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(server.embedding.last).satisfies(request -> {
            assertThat(request.truncate()).isFalse();
            assertThat(request.inputType()).isEqualTo(InputType.QUERY);
            assertThat(request.normalize()).isFalse();
            assertThat(request.pooling()).isEqualTo(Pooling.CLS);
        });
    }

    @Test
    void asksForPatienceWhenTheQueueIsFull() {
        TestServer.Reply reply = server.post("/v1/embeddings", "{\"input\": \"" + FakeEmbedding.FULL + "\"}");

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("Retry-After")).isEqualTo("2");
        assertThat(reply.json().at("/error/type").asString()).isEqualTo("rate_limit_error");
    }

    @Test
    void listsModelsAndShowsOneByIdOrAlias() {
        JsonNode list = server.get("/v1/models").json();

        assertThat(list.at("/object").asString()).isEqualTo("list");
        assertThat(list.at("/data/0/id").asString()).isEqualTo("fake");
        assertThat(list.at("/data/0/object").asString()).isEqualTo("model");
        assertThat(list.at("/data/0/usable").asBoolean()).isTrue();
        assertThat(list.at("/data/0").has("reason")).isFalse();
        assertThat(server.get("/v1/models/fake").json()).isEqualTo(list.at("/data/0"));
        assertThat(server.get("/v1/models/org/fake").json().at("/id").asString())
                .isEqualTo("org/fake");
        assertThat(server.get("/v1/models/org%2Ffake").json().at("/id").asString())
                .isEqualTo("org/fake");
    }
}
