package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.akidb.http.LogWatch;
import com.akidb.http.RawHttp;
import com.akidb.http.TestServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that break the protocol, by mistake or on purpose: each is told off or cut off, nobody else notices, and the log
 * has no stack trace for it.
 */
class HostileClientTest {

    private static final String BODY = "{\"texts\": [\"a\"]}";
    private static final String REQUEST =
            "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                    + BODY.length() + "\r\n\r\n" + BODY;
    /** Asks for more than the buffers of both sockets hold. */
    private static final String STREAM =
            "POST /api/v1/tables/large/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Accept: application/x-ndjson\r\nContent-Length: 2\r\n\r\n{}";

    private static TestServer server;
    private static LogWatch log;

    @BeforeAll
    static void start() {
        server = new TestServer(
                "akidb.http.header-timeout=400ms", "akidb.http.body-timeout=3s", "akidb.http.idle-timeout=3s");
        server.post("/api/v1/tables", "{\"name\": \"large\", \"columns\": [{\"name\": \"t\", \"type\": \"string\"}]}");
        for (int megabyte = 0; megabyte < 12; megabyte++) {
            String row = "{\"t\":\"" + "x".repeat(10_000) + "\"}\n";
            server.send(server.to("/api/v1/tables/large/rows")
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofString(row.repeat(100))));
        }
        log = new LogWatch();
    }

    @AfterAll
    static void stop() {
        log.close();
        server.close();
    }

    @AfterEach
    void othersAreServedAndTheLogIsQuiet() {
        assertThat(server.post("/embed", BODY).status()).isEqualTo(200);
        await().until(() -> server.admission.requests() == 0 && server.admission.bytes() == 0);
        assertThat(log.found()).isEmpty();
    }

    @Test
    void takesARequestThatBreaksOffAnywhere() throws IOException {
        byte[] whole = REQUEST.getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length < whole.length; length++) {
            try (RawHttp client = new RawHttp(server)) {
                client.send(java.util.Arrays.copyOf(whole, length));
            }
        }
    }

    @Test
    void closesOnAClientThatStopsInTheMiddleAndWaits() throws IOException {
        byte[] whole = REQUEST.getBytes(StandardCharsets.UTF_8);
        for (int length : new int[] {3, 10, 30, whole.length - 20, whole.length - 1}) {
            try (RawHttp client = new RawHttp(server)) {
                client.send(java.util.Arrays.copyOf(whole, length)).endOfInput();

                assertThat(client.isEndedByServer())
                        .as("after %d bytes", length)
                        .isTrue();
            }
        }
    }

    @Test
    void givesUpAClientThatTakesNothingOfItsAnswer() throws IOException {
        byte[] body = ("{\"query\": \"q\", \"params\": [\"" + "x".repeat(12_000_000) + "\"]}")
                .getBytes(StandardCharsets.UTF_8);
        try (RawHttp client = new RawHttp(server, 4_096)) {
            client.post("/api/v1/sql", body);

            await().atMost(Duration.ofSeconds(60)).until(client::isResetByServer);
        }
    }

    @Test
    void givesUpAClientThatReadsNothingOfAStream() throws IOException {
        try (RawHttp client = new RawHttp(server, 4_096)) {
            client.send(STREAM);

            await().atMost(Duration.ofSeconds(60)).until(client::isResetByServer);
        }
    }

    @Test
    void noticesQuietlyWhenAClientResetsItsConnectionWithinAnAnswer() throws IOException {
        try (RawHttp client = new RawHttp(server, 4_096)) {
            client.send(STREAM);
            assertThat(client.reply().statusLine()).contains(" 200 ");
            client.reset();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> server.admission.requests() == 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /embed HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Content-Length: 100\r\n"
                        + "Content-Type: application/json\r\n\r\n"
                        + "{",
                "POST /embed HTTP/1.0\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{",
                "POST /v1/embeddings HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Content-Length: 9\r\n"
                        + "Content-Type: application/json\r\n\r\n"
                        + "{",
                "POST /embed HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Transfer-Encoding: chunked\r\n"
                        + "Content-Type: application/json\r\n\r\n"
                        + "5\r\n"
                        + "{\"a\"",
                "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Type: application/json\r\n"
                        + "Expect: 100-continue\r\n\r\n",
                "DELETE /embeddings/cache HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
                "GET /v1/models HTTP/1.1\r\nHost: loc",
                ""
            })
    void noticesQuietlyWhenAClientResetsOrEndsItsConnection(String begun) throws IOException {
        String behindOthers = REQUEST.repeat(10) + begun;
        for (String sent : new String[] {begun, behindOthers}) {
            try (RawHttp client = new RawHttp(server)) {
                client.send(sent).reset();
            }
            try (RawHttp client = new RawHttp(server)) {
                client.send(sent).endOfInput();

                assertThat(client.isEndedByServer()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /api/v1/tables", "GET /v1/models", "GET /collections", "DELETE /embeddings/cache"})
    void answersWithoutAFaultWhenGarbageFollowsWhereNoBodyIsTaken(String route) throws IOException {
        for (int round = 0; round < 20; round++) {
            try (RawHttp client = new RawHttp(server)) {
                client.send(route + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n");

                assertThat(client.isEndedByServer()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "7\r\n{\"n\":3}\r\n0\r\nno trailer", ""})
    void keepsNothingOfABodyThatBreaksOff(String end) throws IOException {
        server.post("/api/v1/tables", "{\"name\": \"numbers\", \"columns\": [{\"name\": \"n\", \"type\": \"int\"}]}");
        try (RawHttp client = new RawHttp(server)) {
            client.send("POST /api/v1/tables/numbers/rows HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "10\r\n{\"n\":1}\n{\"n\":2}\n\r\n" + end);
            client.endOfInput();

            assertThat(client.isEndedByServer()).isTrue();
        }
        await().until(() -> server.admission.requests() == 0 && server.admission.bytes() == 0);
        assertThat(server.post("/api/v1/tables/numbers/query", "{}").json().path("rows"))
                .isEmpty();
    }

    @Test
    void takesAnyBytes() throws IOException {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole = REQUEST.getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 200; round++) {
            byte[] bytes;
            if (random.nextBoolean()) {
                bytes = new byte[random.nextInt(1, 300)];
                random.nextBytes(bytes);
            } else {
                bytes = whole.clone();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            try (RawHttp client = new RawHttp(server)) {
                client.send(bytes).endOfInput();
                assertThat(client.isEndedByServer())
                        .as("seed %d, round %d", seed, round)
                        .isTrue();
            }
        }
    }

    @Test
    void refusesAHeadThatIsTooLarge() throws IOException {
        String header = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "a".repeat(100_000) + "\r\n\r\n";
        String line = "GET /v1/models?" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String many = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n"
                + IntStream.range(0, 20_000).mapToObj(i -> "X-" + i + ": a\r\n").collect(Collectors.joining()) + "\r\n";
        for (String head : new String[] {header, line, many}) {
            try (RawHttp client = new RawHttp(server)) {
                assertThat(client.sendAsFarAsItGoes(head).statusLine()).containsAnyOf(" 413 ", " 414 ", " 431 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 0x10",
                "Content-Length: 16\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: gzip"
            })
    void doesNotGuessWhereABodyEnds(String headers) throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers
                    + "\r\n\r\n" + BODY);

            assertThat(client.reply().statusLine()).containsAnyOf(" 400 ", " 413 ", " 501 ", " 408 ");
            assertThat(client.isEndedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-1\r\n", "ffffffffffffffff\r\n", "5;" + "\r\n{\"texts\": [\"a\"]}\r\n0\r\n\r\n"})
    void refusesChunksThatAreNone(String chunks) throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n" + chunks);

            assertThat(client.isEndedByServer()).isTrue();
        }
    }
}
