package com.akidb.embedding.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.error.AkidbException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, when, and how long. */
class OpenAiRetryTests extends ProviderFixture {

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

        assertThat(ended.get(30, TimeUnit.SECONDS)).hasMessage("The server is shutting down");
    }
}
