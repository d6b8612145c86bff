package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.akidb.http.FakeEmbedding;
import com.akidb.http.RawHttp;
import com.akidb.http.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the server takes clients that are old, slow, gone or careless. */
class ConnectionTest {

    private static final String BODY = "{\"texts\": [\"a\"]}";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(
                "akidb.http.header-timeout=400ms",
                "akidb.http.body-timeout=600ms",
                "akidb.http.idle-timeout=3s",
                "akidb.http.max-body-size=1MB");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.embedding.pending.clear();
    }

    @Test
    void keepsAnHttp10ConnectionOpenWhenAskedTo() throws IOException {
        String request = "POST /embed HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
        try (RawHttp client = new RawHttp(server)) {
            RawHttp.Reply first = client.send(request).reply();
            RawHttp.Reply second = client.send(request).reply();

            assertThat(first.statusLine()).endsWith("200 OK");
            assertThat(first.hasHeader("connection: keep-alive")).isTrue();
            assertThat(first.hasHeader("content-length:")).isTrue();
            assertThat(first.hasHeader("transfer-encoding:")).isFalse();
            assertThat(second.statusLine()).endsWith("200 OK");
        }
    }

    @Test
    void closesAnHttp10ConnectionAfterTheAnswerOtherwise() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("GET /v1/models HTTP/1.0\r\n\r\n");

            assertThat(client.reply().statusLine()).endsWith("200 OK");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            String get = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
            String missing = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.send(get + missing + get);

            assertThat(client.reply().statusLine()).contains("200");
            assertThat(client.reply().statusLine()).contains("404");
            assertThat(client.reply().statusLine()).contains("200");
        }
    }

    /** As it is with clients that send their next request before the server has quite ended the one before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /embed HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Content-Type: application/json\r\n"
                        + "Content-Length: 2\r\n\r\n"
                        + "{}"
            })
    void goesOnReadingBehindPipelinedRequests(String request) throws IOException {
        for (int pipelined = 2; pipelined < 6; pipelined++) {
            try (RawHttp client = new RawHttp(server)) {
                for (int round = 0; round < 20; round++) {
                    client.send(request.repeat(pipelined));
                    for (int i = 0; i < pipelined; i++) {
                        assertThat(client.reply().statusLine()).startsWith("HTTP/1.1 ");
                    }
                }
            }
        }
    }

    @Test
    void takesABodyInChunks() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n");
            for (char c : BODY.toCharArray()) {
                client.send("1\r\n" + c + "\r\n");
            }
            client.send("0\r\n\r\n");

            assertThat(client.reply().statusLine()).contains("200");
        }
    }

    @Test
    void cutsOffAClientThatDripsItsHead() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Drip: ");
            Thread drip = Thread.ofVirtual().start(() -> drip(client));

            assertThat(client.isClosedByServer()).isTrue();
            drip.interrupt();
        }
    }

    /** Sends a byte whenever the clock has moved on a little, until the connection breaks. */
    private static void drip(RawHttp client) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                client.send("a");
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        } catch (IOException closed) {
            // As it should be.
        }
    }

    @Test
    void answers408ToAClientThatDoesNotFinishItsBody() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000\r\n\r\n{\"texts\":");

            RawHttp.Reply reply = client.reply();

            assertThat(reply.statusLine()).contains("408");
            assertThat(reply.body()).contains("DEADLINE_EXCEEDED");
            assertThat(client.isClosedByServer()).isTrue();
        }
        await().until(() -> server.admission.requests() == 0 && server.admission.bytes() == 0);
    }

    @Test
    void closesAnIdleConnection() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n").reply();

            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void cancelsTheWorkOfAClientThatIsGone() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.post("/embed", ("{\"texts\": [\"" + FakeEmbedding.NEVER + "\"]}").getBytes(StandardCharsets.UTF_8));
            await().until(() -> !server.embedding.pending.isEmpty());
        }

        await().until(() -> server.embedding.pending.getFirst().isCancelled());
        await().until(() -> server.admission.requests() == 0 && server.admission.bytes() == 0);
    }

    @Test
    void cancelsOffloadedWorkOfAClientThatIsGone() throws IOException {
        String body = "{\"texts\": [\"" + FakeEmbedding.NEVER + "\", \"" + FakeEmbedding.LONG + "\"]}";
        try (RawHttp client = new RawHttp(server)) {
            client.post("/embed", body.getBytes(StandardCharsets.UTF_8));
            await().until(() -> !server.embedding.pending.isEmpty());
        }

        await().until(() -> server.embedding.pending.getFirst().isCancelled());
    }

    @Test
    void refusesABodyThatIsDeclaredTooLargeBeforeItComes() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 20000000\r\nExpect: 100-continue\r\n\r\n");

            RawHttp.Reply reply = client.reply();

            assertThat(reply.statusLine()).contains("413");
            assertThat(reply.body()).contains("PAYLOAD_TOO_LARGE");
        }
    }

    @Test
    void refusesATooLargeBodyEvenIfTheClientSendsItAllFirst() {
        byte[] body = new byte[20_000_000];
        java.util.Arrays.fill(body, (byte) ' ');

        assertThat(server.post("/embed", body).status()).isEqualTo(413);
        assertThat(server.post("/embed", BODY).status()).isEqualTo(200);
    }

    @Test
    void refusesATooLargeBodyOfUnknownLength() {
        byte[] body = new byte[2_000_000];
        java.util.Arrays.fill(body, (byte) ' ');

        TestServer.Reply reply = server.send(server.to("/embed")
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(body))));

        assertThat(reply.status()).isEqualTo(413);
        await().until(() -> server.admission.bytes() == 0);
    }

    @Test
    void survivesBytesThatAreNoHttpAtAll() throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            client.send("\u0016\u0003\u0001 this is no HTTP\r\n\r\n");

            assertThat(client.reply().statusLine()).contains("400");
        }
        assertThat(server.get("/v1/models").status()).isEqualTo(200);
    }
}
