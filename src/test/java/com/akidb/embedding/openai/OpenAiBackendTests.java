package com.akidb.embedding.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingBackend.TextVectors;
import com.akidb.error.InvalidInputException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of a provider, and with which key. */
class OpenAiBackendTests extends ProviderFixture {

    @Test
    void asksAsTheApiWantsItAndPutsTheVectorsInOrder() {
        TextVectors answer = encode("a", "private text", "日本");

        assertThat(answer.vectors()).hasNumberOfRows(3);
        assertThat(answer.vectors()[0]).hasSize(DIMENSION);
        assertThat(new float[] {answer.vectors()[0][0], answer.vectors()[1][0], answer.vectors()[2][0]})
                .containsExactly(2, 13, 3);
        assertThat(answer.tokens()[0] + answer.tokens()[1] + answer.tokens()[2]).isEqualTo(21);
        assertThat(provider.authorizations).containsExactly("Bearer " + FakeProvider.KEY);
        assertThat(provider.requests.getFirst().path("model").asString()).isEqualTo("words");
        assertThat(provider.requests.getFirst().path("input")).hasSize(3);
        assertThat(provider.requests.getFirst().has("dimensions")).isFalse();
    }

    @Test
    void saysTheDimensionsToModelsThatCanBeCut() {
        try (TextBackend cut = open(settings(provider.address(), Duration.ofSeconds(9), Duration.ofSeconds(9)), 2)) {
            cut.encode(new TextBatch(List.of("a"), Pooling.MEAN));
        }
        assertThat(provider.requests.getFirst().path("dimensions").asInt()).isEqualTo(DIMENSION);
    }

    @Test
    void refusesAnotherPooling() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> backend.encode(new TextBatch(List.of("a"), Pooling.CLS)))
                .withMessageContaining("leave pooling out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | set the environment variable A_KEY",
                "'' | set the environment variable",
                "'a\nb' | has characters"
            })
    void cannotBeUsedWithoutAKey(String key, String reason) {
        OpenAiBackendFactory factory = new OpenAiBackendFactory(
                settings("https://localhost/v1", Duration.ofSeconds(1), Duration.ofSeconds(1)), name -> key);

        assertThat(factory.refusal(spec(DIMENSION, new ModelSource.Endpoint("", "words", "")))
                        .orElse(""))
                .contains(reason);
    }

    @Test
    void sendsTheProvidersKeyToNoOtherEndpoint() {
        OpenAiBackendFactory factory = new OpenAiBackendFactory(
                settings("https://localhost/v1", Duration.ofSeconds(9), Duration.ofSeconds(9)),
                name -> FakeProvider.KEY);
        ModelSpec own = spec(DIMENSION, new ModelSource.Endpoint(provider.address(), "words", ""));

        assertThat(factory.refusal(own)).isEmpty();
        try (TextBackend local = (TextBackend) factory.open(own, ModelFiles.none("print"))) {
            local.encode(new TextBatch(List.of("a"), Pooling.MEAN));
        }
        assertThat(provider.authorizations).containsExactly("null");
    }
}
