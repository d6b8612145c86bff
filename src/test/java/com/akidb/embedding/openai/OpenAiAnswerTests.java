package com.akidb.embedding.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that refuse, and those that cannot be used. */
class OpenAiAnswerTests extends ProviderFixture {

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void saysThatTheKeyIsRefusedWithoutShowingIt(int status) {
        provider.next(FakeProvider.status(status));

        assertThat(failure(UnavailableException.class))
                .hasMessage("The provider of model 'openai/words' refuses the key in the environment variable A_KEY"
                        + " (status "
                        + status + ", some_code)");
        assertThat(provider.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void blamesTheTextsWhenTheProviderDoes(int status) {
        provider.next(FakeProvider.status(status));

        InvalidInputException refusal = failure(InvalidInputException.class);
        assertThat(refusal.detail())
                .contains("refuses a text (status " + status)
                .doesNotContain("private text");
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void saysThatTheModelIsNotThere() {
        provider.next(FakeProvider.status(404));

        assertThat(failure(UnavailableException.class).detail()).contains("does not have it (status 404");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void followsNoRedirectWithTheKey(int status) {
        provider.next(FakeProvider.status(status, "Location", provider.address().replace("/v1", "/elsewhere")));

        assertThat(failure(UnavailableException.class).detail()).contains("redirects elsewhere (status " + status);
        assertThat(provider.elsewhere).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no json | it is not JSON",
                "[] | 0 vectors for 1 texts",
                "{} | 0 vectors for 1 texts",
                "null | 0 vectors for 1 texts",
                "{\"data\": []} | 0 vectors for 1 texts",
                "{\"data\": [{}, {}]} | 2 vectors for 1 texts",
                "{\"data\": [{\"index\": 0}]} | a vector has 0 numbers",
                "{\"data\": [{\"index\": 1, \"embedding\": [1,1,1,1,1,1,1,1]}]} | its indexes",
                "{\"data\": [{\"index\": -1, \"embedding\": [1,1,1,1,1,1,1,1]}]} | its indexes",
                "{\"data\": [{\"embedding\": [1,1,1]}]} | a vector has 3 numbers, and the model's dimension is 8",
                "{\"data\": [{\"embedding\": \"AAAA\"}]} | a vector has 0 numbers",
                "{\"data\": [{\"embedding\": [1,1,1,1,1,1,1,NaN]}]} | it is not JSON",
                "{\"data\": [{\"embedding\": [1,1,1,1,1,1,1,1e99]}]} | not a finite number",
                "{\"data\": [{\"embedding\": [1,1,1,1,1,1,1,null]}]} | not a finite number",
                "{\"data\": [{\"embedding\": [1,1,1,1,1,1,1,\"1\"]}]} | not a finite number"
            })
    void believesNoMalformedAnswer(String body, String reason) {
        provider.next(FakeProvider.body(200, body));

        assertThat(failure(InternalException.class).detail())
                .startsWith("Embedding failed: the provider's answer for model 'openai/words' cannot be used: ")
                .contains(reason);
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void refusesAnIndexThatComesTwice() {
        String vector = "{\"index\": 1, \"embedding\": [1,1,1,1,1,1,1,1]}";
        provider.next(FakeProvider.body(200, "{\"data\": [" + vector + "," + vector + "]}"));

        assertThatExceptionOfType(InternalException.class)
                .isThrownBy(() -> encode("a", "b"))
                .withMessageContaining("its indexes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"total_tokens\": -5}", "{\"total_tokens\": \"many\"}", "{\"total_tokens\": 1e30}"})
    void estimatesTokensThatTheProviderDoesNotCount(String usage) {
        provider.next(
                FakeProvider.body(200, "{\"data\": [{\"embedding\": [1,1,1,1,1,1,1,1]}], \"usage\": " + usage + "}"));

        assertThat(encode("twelve bytes").tokens()).containsExactly(3);
    }
}
