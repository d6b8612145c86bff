package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.embedding.EmbeddingResult;
import com.akidb.http.FakeEmbedding;
import com.akidb.http.TestServer;
import com.akidb.http.TestServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The header Idempotency-Key, over real connections and a real database. */
class IdempotencyTest {

    private static final String ROWS = "/api/v1/tables/notes/rows";
    private static final String DOCUMENTS = "/collections/shelf/documents";
    private static final AtomicInteger KEYS = new AtomicInteger();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        // Rows are numbered by the server, so that one that came twice would be there twice.
        server.post("/api/v1/tables", """
            {"name": "notes", "columns": [{"name": "text", "type": "string"}, {"name": "n", "type": "int"}]}
            """);
        server.post("/collections", "{\"name\": \"shelf\", \"dimension\": 3}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String newKey() {
        return "key-" + KEYS.incrementAndGet();
    }

    private static Reply send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = server.to(path).header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return server.send(request.method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Reply keyed(String key, String method, String path, String body) {
        return send(method, path, body, "Idempotency-Key", key);
    }

    private static long count(String where) {
        return server.post(
                        "/api/v1/tables/notes/query",
                        "{\"where\": [{\"column\": \"text\", \"operator\": \"=\", \"value\": \"" + where
                                + "\"}], \"count\": true}")
                .json()
                .path("count")
                .asLong();
    }

    private static String row(String text) {
        return "{\"rows\": [{\"text\": \"" + text + "\"}]}";
    }

    private static void assertReplayed(Reply first, Reply second) {
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.status()).isEqualTo(first.status());
        assertThat(second.raw().body()).isEqualTo(first.raw().body());
        assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    }

    @Test
    void insertsRowsOnceAndAnswersTheRepeatAsTheFirst() {
        String key = newKey();
        Reply first = keyed(key, "POST", ROWS, row("once"));
        assertThat(first.status()).isEqualTo(201);
        server.post(ROWS, row("between"));
        assertReplayed(first, keyed(key, "POST", ROWS, row("once")));
        assertReplayed(first, keyed('"' + key + '"', "POST", ROWS, row("once")));
        assertThat(count("once")).isEqualTo(1);
    }

    @Test
    void insertsLinesOnce() {
        String key = newKey();
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            replies.add(server.send(server.to(ROWS + "?on_conflict=ignore")
                    .header("Content-Type", "application/x-ndjson")
                    .header("Idempotency-Key", key)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"text\": \"line\"}\n{\"text\": \"line\"}\n"))));
        }
        assertReplayed(replies.get(0), replies.get(1));
        assertThat(count("line")).isEqualTo(2);
    }

    @Test
    void changesAndDeletesRowsOnce() {
        server.post(ROWS, row("before"));
        String where = "{\"where\": [{\"column\": \"text\", \"operator\": \"=\", \"value\": \"before\"}]";
        String update = where + ", \"values\": {\"text\": \"after\"}}";
        String key = newKey();
        Reply updated = keyed(key, "PATCH", ROWS, update);
        assertThat(updated.json().path("updated").asInt()).isEqualTo(1);
        server.post(ROWS, row("before"));
        assertReplayed(updated, keyed(key, "PATCH", ROWS, update));
        assertThat(count("before")).isEqualTo(1);

        long id = server.post("/api/v1/tables/notes/query", "{\"where\": {\"text\": \"text = 'after'\"}}")
                .json()
                .at("/rows/0/row_id")
                .asLong();
        String each = "{\"rows\": [{\"row_id\": " + id + ", \"text\": \"own\"}]}";
        Reply changed = keyed(key + "e", "PATCH", ROWS, each);
        assertThat(changed.json().path("updated").asInt()).isEqualTo(1);
        server.patch(ROWS + "/" + id, "{\"values\": {\"text\": \"other\"}}");
        assertReplayed(changed, keyed(key + "e", "PATCH", ROWS, each));
        assertThat(count("own")).isZero();

        String none = newKey();
        String missing = "{\"where\": [{\"column\": \"text\", \"operator\": \"=\", \"value\": \"later\"}]}";
        Reply nothing = keyed(none, "DELETE", ROWS, missing);
        assertThat(nothing.json().path("deleted").asInt(-1)).isZero();
        server.post(ROWS, row("later"));
        assertReplayed(nothing, keyed(none, "DELETE", ROWS, missing));
        assertThat(count("later")).isEqualTo(1);
    }

    @Test
    void changesAndDeletesOneRowOnce() {
        server.post("/api/v1/tables", """
            {"name": "keyed", "primary_key": "id", "columns": [{"name": "id", "type": "string"}, {"name": "n", "type": "int"}]}
            """);
        String rows = "/api/v1/tables/keyed/rows";
        server.post(rows, "{\"rows\": [{\"id\": \"a\", \"n\": 1}]}");
        String key = newKey();
        Reply updated = keyed(key, "PATCH", rows + "/a", "{\"values\": {\"n\": 2}}");
        server.patch(rows + "/a", "{\"values\": {\"n\": 3}}");
        assertReplayed(updated, keyed(key, "PATCH", rows + "/a", "{\"values\": {\"n\": 2}}"));
        assertThat(server.get(rows + "/a").json().path("n").asInt()).isEqualTo(3);

        Reply deleted = keyed(key, "DELETE", rows + "/a", "");
        assertThat(deleted.status()).isEqualTo(200);
        server.post(rows, "{\"rows\": [{\"id\": \"a\", \"n\": 4}]}");
        assertReplayed(deleted, keyed(key, "DELETE", rows + "/a", ""));
        assertThat(server.get(rows + "/a").json().path("n").asInt()).isEqualTo(4);
    }

    @Test
    void triesAnewWhatWasRefused() {
        String key = newKey();
        String path = "/api/v1/tables/again/rows";
        assertThat(keyed(key, "POST", path, "{\"rows\": [{\"id\": \"a\"}]}").status())
                .isEqualTo(404);
        server.post(
                "/api/v1/tables",
                "{\"name\": \"again\", \"primary_key\": \"id\", \"columns\": [{\"name\": \"id\", \"type\":"
                        + " \"string\"}]}");
        Reply first = keyed(key, "POST", path, "{\"rows\": [{\"id\": \"a\"}]}");
        assertThat(first.status()).isEqualTo(201);
        assertReplayed(first, keyed(key, "POST", path, "{\"rows\": [{\"id\": \"a\"}]}"));
        String conflict = newKey();
        assertThat(keyed(conflict, "POST", path, "{\"rows\": [{\"id\": \"a\"}]}")
                        .status())
                .isEqualTo(409);
        String missing = newKey();
        assertThat(keyed(missing, "DELETE", path + "/b", "").status()).isEqualTo(404);
        server.post(path, "{\"rows\": [{\"id\": \"b\"}]}");
        assertThat(keyed(missing, "DELETE", path + "/b", "").status()).isEqualTo(200);
        server.delete(path + "/a");
        assertThat(keyed(conflict, "POST", path, "{\"rows\": [{\"id\": \"a\"}]}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void givesTheRecordedAnswerWhenTheTableIsGone() {
        server.post("/api/v1/tables", "{\"name\": \"gone\", \"columns\": [{\"name\": \"n\", \"type\": \"int\"}]}");
        String key = newKey();
        Reply first = keyed(key, "POST", "/api/v1/tables/gone/rows", "{\"rows\": [{\"n\": 1}]}");
        server.delete("/api/v1/tables/gone");
        assertReplayed(first, keyed(key, "POST", "/api/v1/tables/gone/rows", "{\"rows\": [{\"n\": 1}]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        POST   |                 | {"text": "t", "metadata": {"once": 1}}
        POST   |                 | {"documents": [{"text": "a"}, {"text": "b", "id": "given"}]}
        PATCH  |                 | {"ids": ["d"], "metadata": {"x": 1}}
        PATCH  | /d              | {"text": "other"}
        DELETE |                 | {"ids": ["d", "e"]}
        DELETE | /d              | ``
        """)
    void writesDocumentsOnce(String method, @Nullable String id, String body) {
        String path = DOCUMENTS + (id == null ? "" : id);
        server.post(DOCUMENTS, "{\"text\": \"d\", \"id\": \"d\"}");
        String key = newKey();
        Reply first = keyed(key, method, path, body);
        assertThat(first.status()).isBetween(200, 204);
        JsonNode before = all();
        server.embedding.last = null;
        assertReplayed(first, keyed(key, method, path, body));
        assertThat(all()).isEqualTo(before);
        assertThat(server.embedding.last).isNull();
        server.delete(DOCUMENTS, "{\"filter\": []}");
    }

    private static JsonNode all() {
        return server.get(DOCUMENTS).json();
    }

    @Test
    void refusesAKeyThatWasUsedForAnotherRequest() {
        String key = newKey();
        keyed(key, "POST", ROWS, row("mine"));
        Reply other = keyed(key, "POST", ROWS, row("other"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(count("other")).isZero();
        // Another route has keys of its own.
        assertThat(keyed(key, "POST", DOCUMENTS, "{\"text\": \"x\"}").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "\"\""})
    void refusesKeysThatAreNone(String key) {
        Reply reply = keyed(key, "POST", ROWS, row("bad key"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("field").asString()).isEqualTo("Idempotency-Key");
        assertThat(count("bad key")).isZero();
    }

    @Test
    void takesKeysOfUpTo255CharactersAndOnlyOne() {
        assertThat(keyed("k".repeat(255), "POST", ROWS, row("long")).status()).isEqualTo(201);
        assertThat(keyed("k".repeat(256), "POST", ROWS, row("long")).status()).isEqualTo(400);
        assertThat(send("POST", ROWS, row("long"), "Idempotency-Key", "a1", "Idempotency-Key", "a2")
                        .status())
                .isEqualTo(400);
        assertThat(count("long")).isEqualTo(1);
    }

    @Test
    void passesOverTheKeyWhereNothingIsWritten() {
        assertThat(keyed("", "GET", DOCUMENTS, "").status()).isEqualTo(200);
    }

    @Test
    void refusesASecondRequestWhileTheFirstIsAtWork() throws Exception {
        String key = newKey();
        String body = "{\"text\": \"never\", \"id\": \"slow\"}";
        CompletableFuture<Reply> first = CompletableFuture.supplyAsync(() -> keyed(key, "POST", DOCUMENTS, body));
        while (server.embedding.pending.isEmpty()) {
            assertThat(first).isNotDone();
            Thread.yield();
        }
        Reply second = keyed(key, "POST", DOCUMENTS, body);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.code()).isEqualTo("IDEMPOTENCY_KEY_IN_USE");
        assertThat(second.header("Retry-After")).isEqualTo("1");
        server.embedding
                .pending
                .getFirst()
                .complete(new EmbeddingResult(
                        List.of(FakeEmbedding.vector("never")), "fake", 3, 5, 1, List.of(), List.of(false)));
        assertReplayed(first.join(), keyed(key, "POST", DOCUMENTS, body));
    }

    /** Passes bytes on in both directions, and cuts each connection after some of them, for a while. */
    private static final class CuttingProxy implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        private final Random random;
        private final int target;
        private final AtomicInteger cuts = new AtomicInteger();

        CuttingProxy(int target, long seed) throws IOException {
            this.target = target;
            this.random = new Random(seed);
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    Socket onward = new Socket();
                    onward.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                    // About as often in the request as in the answer, and sometimes behind both.
                    boolean inAnswer = random.nextBoolean();
                    AtomicInteger left = new AtomicInteger(random.nextInt(inAnswer ? 350 : 600));
                    Thread.ofVirtual().start(() -> pass(client, onward, inAnswer ? null : left));
                    Thread.ofVirtual().start(() -> pass(onward, client, inAnswer ? left : null));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        private void pass(Socket from, Socket to, @Nullable AtomicInteger left) {
            byte[] buffer = new byte[8192];
            try (from;
                    to) {
                for (int read = from.getInputStream().read(buffer);
                        read >= 0;
                        read = from.getInputStream().read(buffer)) {
                    if (left != null && left.addAndGet(-read) < 0) {
                        to.getOutputStream().write(buffer, 0, Math.max(0, left.get() + read));
                        to.getOutputStream().flush();
                        cuts.incrementAndGet();
                        return;
                    }
                    to.getOutputStream().write(buffer, 0, read);
                    to.getOutputStream().flush();
                }
            } catch (IOException gone) {
                // The other direction has ended.
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void losesAndDoublesNoRowWhenConnectionsAreCutAtRandom() throws Exception {
        long seed = System.nanoTime();
        System.out.println("Seed of the cuts: " + seed);
        server.post("/api/v1/tables", "{\"name\": \"cut\", \"columns\": [{\"name\": \"n\", \"type\": \"int\"}]}");
        int written = 0;
        try (CuttingProxy proxy = new CuttingProxy(server.port(), seed)) {
            while (proxy.cuts.get() < 200) {
                insertThrough(proxy, written++);
            }
        }
        JsonNode rows = server.post(
                        "/api/v1/tables/cut/query", "{\"order_by\": [{\"column\": \"n\"}], \"limit\": 1000}")
                .json()
                .path("rows");
        List<Integer> found = new ArrayList<>();
        rows.forEach(row -> found.add(row.path("n").asInt()));
        List<Integer> expected = new ArrayList<>();
        for (int n = 0; n < written; n++) {
            expected.add(n);
        }
        assertThat(found).as("seed " + seed).isEqualTo(expected);
    }

    /** As a client does that knows nothing of what became of its request: again, with the same key, until it is answered. */
    private static void insertThrough(CuttingProxy proxy, int n) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + proxy.port() + "/api/v1/tables/cut/rows"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "cut-" + n)
                .POST(HttpRequest.BodyPublishers.ofString("{\"rows\": [{\"n\": " + n + "}]}"))
                .build();
        while (true) {
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 201) {
                    return;
                }
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
            } catch (IOException cut) {
                // Again.
            }
        }
    }
}
