package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowStreamTest {

    private static final String QUERY = "/api/v1/tables/many/query";
    private static final int ROWS = 100_000;
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        server.post(
                "/api/v1/tables",
                "{\"name\": \"many\", \"columns\": [{\"name\": \"n\", \"type\": \"int\"}, {\"name\": \"text\","
                        + " \"type\": \"string\"}]}");
        String text = "x".repeat(200);
        for (int from = 0; from < ROWS; from += 10_000) {
            String lines = IntStream.range(from, from + 10_000)
                    .mapToObj(i -> "{\"n\":" + i + ",\"text\":\"" + text + "\"}")
                    .collect(Collectors.joining("\n"));
            server.send(server.to("/api/v1/tables/many/rows")
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofString(lines)));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.rows.pages().set(0);
    }

    private static HttpRequest.Builder lines(String body) {
        return server.to(QUERY)
                .header("Content-Type", "application/json")
                .header("Accept", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void givesAllRowsOneALine() {
        var reply = server.sendRaw(lines("{\"select\": [\"n\"]}"));

        assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        List<String> rows = reply.body().lines().toList();
        assertThat(rows).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(rows.getFirst()).isEqualTo("{\"n\":0}");
        assertThat(rows.getLast()).isEqualTo("{\"n\":99999}");
    }

    @Test
    void endsAtTheLimit() {
        var reply = server.sendRaw(lines("{\"select\": [\"n\"], \"limit\": 1234}"));

        assertThat(reply.body().lines()).hasSize(1234);
    }

    @Test
    void tellsWhatIsWrongAsUsual() {
        TestServer.Reply reply = server.send(lines("{\"select\": [\"m\"]}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("UNKNOWN_COLUMN");
    }

    @Test
    void answersAPageWhereJsonIsPreferred() {
        TestServer.Reply reply = server.send(server.to(QUERY)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/x-ndjson;q=0.5")
                .POST(HttpRequest.BodyPublishers.ofString("{\"limit\": 2}")));

        assertThat(reply.json().path("rows")).hasSize(2);
    }

    @Test
    void stopsReadingWhenTheReaderLeavesAfterTenRows() throws IOException {
        try (Socket socket = slowReader()) {
            socket.getOutputStream().write(request());
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1024);
            int rows = 0;
            while (rows < 10) {
                String line = reader.readLine();
                assertThat(line).isNotNull();
                rows += line.startsWith("{\"row_id\"") ? 1 : 0;
            }
            int whileReading = settledPages();
            // 200 pages of 500 rows would be all. What the reader has not taken lies in the buffers of both sockets and
            // in
            // the pieces that wait to be written, and no more is read for it.
            assertThat(whileReading).isBetween(1, 100);
        }
        int afterwards = settledPages();
        assertThat(afterwards).isLessThan(120);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(server.admission.requests()).isZero());
    }

    private static Socket slowReader() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static byte[] request() {
        String head = "POST " + QUERY + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept:"
                + " application/x-ndjson\r\nContent-Length: 2\r\n\r\n{}";
        return head.getBytes(StandardCharsets.UTF_8);
    }

    /** The number of pages read once it has stopped to grow. */
    private static int settledPages() {
        int[] last = {-1};
        Awaitility.await()
                .pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    int now = server.rows.pages().get();
                    boolean settled = now == last[0];
                    last[0] = now;
                    return settled;
                });
        return last[0];
    }
}
