package com.akidb.embedding.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.akidb.embedding.TextBackend;
import com.akidb.embedding.TextBatch;
import com.akidb.embedding.TextVectors;
import com.akidb.error.AkidbException;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A model at an outside provider, which here is a real server on this machine. */
class OpenAiBackendTests {

    private static final int DIMENSION = 8;

    private final FakeProvider provider = new FakeProvider(DIMENSION);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private TextBackend backend;

    @BeforeEach
    void open() {
        root.setLevel(Level.DEBUG);
        log.start();
        root.addAppender(log);
        backend = open(settings(provider.address(), Duration.ofSeconds(20), Duration.ofSeconds(30)), DIMENSION);
    }

    @AfterEach
    void neverLogsTheKeyOrTexts() {
        backend.close();
        provider.close();
        root.detachAppender(log);
        root.setLevel(Level.INFO);
        assertThat(log.list).allSatisfy(event -> {
            assertThat(event.getFormattedMessage())
                    .doesNotContain(FakeProvider.KEY)
                    .doesNotContain("private text");
            for (var thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
                assertThat(String.valueOf(thrown.getMessage())).doesNotContain(FakeProvider.KEY);
            }
        });
    }

    private static OpenAiProperties settings(String address, Duration readTimeout, Duration timeout) {
        return new OpenAiProperties(
                address, "A_KEY", Duration.ofSeconds(5), readTimeout, timeout, 3, Duration.ofMillis(2), 4, 32, 1000);
    }

    private static ModelSpec spec(int minDimension, ModelSource source) {
        return new ModelSpec(
                "openai/words",
                List.of(),
                "openai",
                DIMENSION,
                100,
                Pooling.MEAN,
                "",
                "",
                minDimension,
                "document",
                source,
                null);
    }

    private static TextBackend open(OpenAiProperties settings, int minDimension) {
        ModelSpec spec = spec(minDimension, new ModelSource.Endpoint("", "words", ""));
        return (TextBackend) new OpenAiBackendFactory(settings, name -> name.equals("A_KEY") ? FakeProvider.KEY : null)
                .open(spec, ModelFiles.none("print"));
    }

    private TextVectors encode(String... texts) {
        return backend.encode(new TextBatch(List.of(texts), Pooling.MEAN));
    }

    private <T extends AkidbException> T failure(Class<T> kind) {
        return catchThrowableOfType(kind, () -> encode("private text"));
    }

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

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 529})
    void triesAgainWhatMaySucceedLater(int status) {
        provider.next(FakeProvider.status(status), FakeProvider.status(status));

        assertThat(encode("a").vectors()).hasNumberOfRows(1);
        assertThat(provider.requests).hasSize(3);
        assertThat(log.list)
                .anyMatch(event -> event.getFormattedMessage().contains("status " + status + ", some_code"));
    }

    @Test
    void triesAgainWhenTheConnectionBreaks() {
        provider.next(FakeProvider.cut(), (exchange, request) -> exchange.close());

        assertThat(encode("a").vectors()).hasNumberOfRows(1);
        assertThat(provider.requests).hasSize(3);
    }

    @Test
    void givesUpWhenAllAttemptsFail() {
        provider.next(FakeProvider.status(503), FakeProvider.cut(), FakeProvider.status(500));

        assertThat(failure(UnavailableException.class))
                .hasMessage("The provider of model 'openai/words' fails (status 500, some_code)");
        assertThat(provider.requests).hasSize(3);
    }

    @Test
    void waitsAsLongAsItIsAskedToAndHandsTheRestOn() {
        provider.next(FakeProvider.status(429, "Retry-After", "0"), FakeProvider.status(429, "Retry-After", "3600"));

        OverloadedException busy = failure(OverloadedException.class);
        assertThat(busy.retryAfter()).hasSeconds(3600);
        assertThat(busy.detail()).doesNotContain("private text").doesNotContain(FakeProvider.KEY);
        assertThat(provider.requests).hasSize(2);
    }

    @Test
    void waitsUntilADate() {
        String past = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).minusDays(1));
        String future = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusDays(1));
        provider.next(FakeProvider.status(503, "Retry-After", past), FakeProvider.status(429, "Retry-After", future));

        assertThat(failure(OverloadedException.class).retryAfter())
                .isBetween(Duration.ofHours(23), Duration.ofHours(24));
        assertThat(provider.requests).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | PT2M",
                " 0 | PT0S",
                "Wed, 21 Oct 2026 07:28:00 GMT | PT28M",
                "Wed, 21 Oct 2026 06:28:00 GMT | PT0S",
                "soon | ",
                "-1 | ",
                "99999999999 | ",
                "1.5 | "
            })
    void readsRetryAfter(String header, Duration wait) {
        Clock clock = Clock.fixed(Instant.parse("2026-10-21T07:00:00Z"), ZoneOffset.UTC);

        assertThat(RetryAfter.parse(header, clock).orElse(null)).isEqualTo(wait);
    }

    @Test
    void doesNotWaitForAQuotaThatIsUsedUp() {
        provider.next(FakeProvider.body(429, "{\"error\": {\"code\": \"insufficient_quota\"}}"));

        assertThat(failure(UnavailableException.class))
                .hasMessage("The provider of model 'openai/words' grants nothing more: status 429, insufficient_quota");
        assertThat(provider.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void saysThatTheKeyIsRefusedWithoutShowingIt(int status) {
        provider.next(FakeProvider.status(status));

        assertThat(failure(UnavailableException.class))
                .hasMessage(
                        "The provider of model 'openai/words' refuses the key in the environment variable A_KEY (status "
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
                "{\"data\": [{\"embedding\": [1,1,1,1,1,1,1,1e99]}]} | no finite number",
                "{\"data\": [{\"embedding\": [1,1,1,1,1,1,1,null]}]} | no finite number",
                "{\"data\": [{\"embedding\": [1,1,1,1,1,1,1,\"1\"]}]} | no finite number"
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

    @Test
    void givesUpAnAnswerThatHangsInTheMiddle() {
        try (TextBackend hasty =
                open(settings(provider.address(), Duration.ofMillis(100), Duration.ofSeconds(30)), DIMENSION)) {
            provider.next(provider.hanging(), provider.hanging(), provider.hanging());

            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> hasty.encode(new TextBatch(List.of("a"), Pooling.MEAN)))
                    .withMessage("The provider of model 'openai/words' cannot be reached: no answer in time");
            assertThat(provider.requests).hasSize(3);
        }
    }

    @Test
    void saysThatThereIsNoConnection() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (TextBackend lonely = open(
                settings("http://127.0.0.1:" + port + "/v1", Duration.ofSeconds(5), Duration.ofSeconds(30)),
                DIMENSION)) {
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> lonely.encode(new TextBatch(List.of("a"), Pooling.MEAN)))
                    .withMessage("The provider of model 'openai/words' cannot be reached: no connection");
        }
    }

    @Test
    void stopsWaitingWhenItIsClosed() throws Exception {
        provider.next(FakeProvider.status(503, "Retry-After", "25"));
        CompletableFuture<AkidbException> ended = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> ended.complete(failure(UnavailableException.class)));
        while (log.list.stream().noneMatch(event -> event.getFormattedMessage().contains("attempt 2 of 3"))) {
            Thread.onSpinWait();
        }
        backend.close();

        assertThat(ended.get(10, TimeUnit.SECONDS)).hasMessage("The server is shutting down");
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
