package com.akidb.http.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Pokes, by sockets and by events. */
class ListenTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    /** What asks for a socket. */
    static final byte[] HANDSHAKE = ("GET /api/v1/sync/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        for (String name : new String[] {"one", "two"}) {
            server.post(
                    "/api/v1/tables",
                    "{\"name\": \"" + name + "\", \"primary_key\": \"id\", \"columns\": [{\"name\": \"id\", \"type\":"
                            + " \"string\"}]}");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
        CLIENT.shutdownNow();
    }

    private static long insert(String table, String key) {
        return server.post(
                        "/api/v1/tables/" + table + "/rows",
                        "{\"rows\": [{\"id\": \"" + key + "\"}], \"on_conflict\": \"replace\"}")
                .json()
                .path("version")
                .asLong();
    }

    /** A socket whose messages are kept in their order. */
    static final class Ear implements WebSocket.Listener, AutoCloseable {

        final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final AtomicInteger pings = new AtomicInteger();
        private final StringBuilder heard = new StringBuilder();
        private final HttpClient client = HttpClient.newHttpClient();
        private final WebSocket socket;

        Ear() {
            this(server, "");
        }

        /** @param token to come with as a subprotocol; empty for none */
        Ear(TestServer at, String token) {
            WebSocket.Builder builder = client.newWebSocketBuilder();
            if (!token.isEmpty()) {
                builder.subprotocols("akidb.v1", "akidb.token." + token);
            }
            socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + at.port() + "/api/v1/sync/socket"), this)
                    .join();
        }

        String protocol() {
            return socket.getSubprotocol();
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            pings.incrementAndGet();
            from.request(1);
            return null; // The client answers by itself.
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence text, boolean last) {
            heard.append(text);
            if (last) {
                messages.add(heard.toString());
                heard.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onClose(
                WebSocket from, int status, String reason) {
            messages.add("closed " + status);
            return null;
        }

        void say(String text) {
            socket.sendText(text, true).join();
        }

        JsonNode next() throws InterruptedException {
            String message = messages.poll(30, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            return TestServer.JSON.readTree(message);
        }

        /** Waits until it was poked about a commit. */
        JsonNode poke(long version) throws InterruptedException {
            JsonNode message = next();
            while (message.path("version").asLong() < version) {
                message = next();
            }
            return message;
        }

        @Override
        public void close() {
            socket.abort();
            client.shutdownNow();
        }
    }

    @Test
    void pokesAtOnceAndAfterEachCommitToATableThatIsSubscribedTo() throws Exception {
        try (Ear ear = new Ear()) {
            ear.say("{\"type\": \"subscribe\", \"tables\": [\"one\"], \"clientGroupID\": \"g\"}");
            assertThat(ear.next().path("tables").toString()).isEqualTo("[\"one\"]");
            insert("two", "a");
            long version = insert("one", "a");
            JsonNode poke = ear.poke(version);
            assertThat(poke.toString())
                    .isEqualTo("{\"type\":\"poke\",\"tables\":[\"one\"],\"version\":" + version + "}");
            ear.say("{\"type\": \"subscribe\", \"tables\": [\"two\"]}");
            assertThat(ear.next().path("tables").toString()).isEqualTo("[\"two\"]");
            insert("one", "b");
            long later = insert("two", "b");
            assertThat(ear.poke(later).path("tables").toString()).isEqualTo("[\"two\"]");
        }
    }

    @Test
    void mergesWhatHappensFasterThanTwelveTimesASecond() throws Exception {
        try (Ear ear = new Ear()) {
            ear.say("{\"type\": \"subscribe\", \"tables\": [\"one\", \"two\"]}");
            ear.next();
            long last = 0;
            for (int i = 0; i < 200; i++) {
                last = insert(i % 2 == 0 ? "one" : "two", "k" + i);
            }
            ear.poke(last);
            assertThat(ear.messages).isEmpty();
        }
    }

    @Test
    void saysWhatIsWrongAndGoesOn() throws Exception {
        try (Ear ear = new Ear()) {
            for (String[] wrong : new String[][] {
                {"{", "MALFORMED_JSON", ""},
                {"{\"type\": \"shout\"}", "INVALID_ARGUMENT", "type"},
                {"{\"type\": \"subscribe\"}", "MISSING_FIELD", "tables"},
                {"{\"type\": \"subscribe\", \"tables\": [\"one\", \"none\"]}", "NOT_FOUND", "tables[1]"},
                {"{\"type\": \"subscribe\", \"tables\": \"one\"}", "WRONG_TYPE", "tables"},
                {"{\"kind\": 1}", "UNKNOWN_FIELD", "kind"}
            }) {
                ear.say(wrong[0]);
                JsonNode error = ear.next();
                assertThat(error.path("type").asString()).isEqualTo("error");
                assertThat(error.path("code").asString()).isEqualTo(wrong[1]);
                assertThat(error.path("field").asString("")).isEqualTo(wrong[2]);
            }
            ear.say("{\"type\": \"ping\"}");
            assertThat(ear.next().toString()).isEqualTo("{\"type\":\"pong\"}");
        }
    }

    @Test
    void answersAnOrdinaryRequestAtTheSocketWithARefusal() {
        assertThat(server.get("/api/v1/sync/socket").status()).isEqualTo(400);
        assertThat(server.get("/api/v1/sync/events").code()).isEqualTo("MISSING_FIELD");
        assertThat(server.get("/api/v1/sync/events?tables=%5B%22none%22%5D").status())
                .isEqualTo(404);
    }

    @Test
    void countsThoseWhoListenUntilTheyLeave() {
        Awaitility.await().until(() -> server.admission.listeners() == 0);
        int requests = server.admission.requests();
        Ear one = new Ear();
        Ear two = new Ear();
        Awaitility.await().until(() -> server.admission.listeners() == 2);
        assertThat(server.admission.requests()).isEqualTo(requests);
        one.close();
        two.close();
        Awaitility.await().until(() -> server.admission.listeners() == 0);
    }

    @Test
    void pokesByEventsToo() {
        HttpResponse<Stream<String>> response = CLIENT.sendAsync(
                        server.to("/api/v1/sync/events?tables=%5B%22one%22%5D")
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .join();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        try (Stream<String> lines = response.body()) {
            Iterator<String> line = lines.iterator();
            assertThat(line.next()).isEqualTo("event: poke");
            assertThat(line.next()).startsWith("data: {\"tables\":[\"one\"],\"version\":");
            assertThat(line.next()).isEmpty();
            long version = insert("one", "e");
            assertThat(line.next()).isEqualTo("event: poke");
            assertThat(line.next()).isEqualTo("data: {\"tables\":[\"one\"],\"version\":" + version + "}");
        }
    }

    @Test
    void leavesAClientThatReadsNothingBehindAndServesTheOthers() throws Exception {
        try (Socket deaf = server.connect();
                Ear ear = new Ear()) {
            OutputStream to = deaf.getOutputStream();
            to.write(HANDSHAKE);
            BufferedReader from =
                    new BufferedReader(new InputStreamReader(deaf.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(from.readLine()).contains("101");
            // It asks again and again and reads none of the answers, until it is given up.
            byte[] frame = frame("{\"type\": \"ping\"}");
            deaf.setSendBufferSize(4_096);
            ear.say("{\"type\": \"subscribe\", \"tables\": [\"one\"]}");
            Thread talking = Thread.ofVirtual().name("deaf").start(() -> {
                try {
                    while (true) {
                        to.write(frame);
                    }
                } catch (java.io.IOException closed) {
                    // As it should be.
                }
            });
            long version = insert("one", "f");
            ear.poke(version);
            talking.join();
            Awaitility.await().until(() -> server.admission.listeners() == 1);
        }
        Awaitility.await().until(() -> server.admission.listeners() == 0);
    }

    /** A masked text frame with a mask of zeros. */
    private static byte[] frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(6 + payload.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | payload.length))
                .putInt(0)
                .put(payload)
                .array();
    }
}
