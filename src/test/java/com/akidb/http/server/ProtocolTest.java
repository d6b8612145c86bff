package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.FakeEmbedding;
import com.akidb.http.RawHttp;
import com.akidb.http.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every route: methods, media types, ids, deadlines, overload, errors. */
class ProtocolTest {

    private static final String BODY = "{\"texts\": [\"a\"]}";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer("akidb.http.max-concurrent-requests=2", "akidb.http.max-request-timeout=60s");
        server.post("/collections", "{\"name\": \"shelf\"}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpRequest.Builder embed(String body) {
        return server.to("/embed")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "/index.html",
                "/nowhere",
                "/embed/",
                "/embed/x",
                "/collections//documents",
                "/v1/",
                "/api/v1",
                "/%2e%2e"
            })
    void answers404WhereThereIsNothing(String path) {
        assertThat(server.get(path).status()).isEqualTo(404);
    }

    @Test
    void describesAnUnknownPathAsAProblem() {
        TestServer.Reply reply = server.get("/nowhere");

        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.code()).isEqualTo("NOT_FOUND");
        assertThat(reply.json().path("type").asString()).isEqualTo("urn:akidb:error:NOT_FOUND");
        assertThat(reply.json().path("title").asString()).isEqualTo("Not found");
        assertThat(reply.json().path("error").asString())
                .isEqualTo(reply.json().path("detail").asString());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /embed, POST",
        "PUT, /collections, 'GET, HEAD, POST'",
        "PATCH, /collections/shelf, 'DELETE, GET, HEAD'",
        "PUT, /collections/shelf/documents, 'DELETE, GET, HEAD, PATCH, POST'",
        "OPTIONS, /embed, POST",
        "TRACE, /health, 'GET, HEAD'"
    })
    void answers405WithTheMethodsThatAreAllowed(String method, String path, String allowed) {
        TestServer.Reply reply = server.send(server.to(path).method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo(allowed);
        assertThat(reply.code()).isEqualTo("METHOD_NOT_ALLOWED");
    }

    @Test
    void answersHeadLikeGetWithoutABody() {
        HttpResponse<String> head =
                server.sendRaw(server.to("/collections").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/json;charset=utf-16", "nonsense", "a/b;c=\""})
    void answers415ToAnythingButJson(String type) {
        TestServer.Reply reply = server.send(
                server.to("/embed").header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(BODY)));

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.code()).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void answers415WithoutAContentTypeAndForCompressedBodies() {
        assertThat(server.send(server.to("/embed").POST(HttpRequest.BodyPublishers.ofString(BODY)))
                        .status())
                .isEqualTo(415);
        assertThat(server.send(embed(BODY).header("Content-Encoding", "gzip")).status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json; charset=UTF-8", "application/json;charset=\"utf-8\"", "Application/JSON"})
    void takesJsonInUtf8HoweverItIsSpelt(String type) {
        assertThat(server.send(server.to("/embed")
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(BODY)))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "image/png, 406",
        "application/json;q=0, 406",
        "'', 200",
        "nonsense, 406",
        "*/*, 200",
        "application/*, 200",
        "'text/html, */*;q=0.1', 200",
        "text/plain, 200",
        "'text/plain, application/json', 200"
    })
    void answers406WhenJsonIsRuledOut(String accept, int status) {
        assertThat(server.send(embed(BODY).header("Accept", accept)).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"text/plain, true", "'text/plain, application/json;q=0.5', true", "'text/plain;q=0.5, */*', false"})
    void saysErrorsInPlainTextWhereThatIsPreferred(String accept, boolean plain) {
        HttpResponse<String> reply = server.sendRaw(embed("{\"texts\":[]}").header("Accept", accept));

        assertThat(reply.statusCode()).isEqualTo(400);
        if (plain) {
            assertThat(reply.headers().firstValue("Content-Type")).hasValue("text/plain;charset=utf-8");
            assertThat(reply.body()).isEqualTo("texts cannot be empty");
        } else {
            assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        }
    }

    @Test
    void repeatsTheIdOfARequestOrMakesOne() {
        assertThat(server.send(embed(BODY).header("X-Request-Id", "abc-123")).header("X-Request-Id"))
                .isEqualTo("abc-123");
        assertThat(server.get("/nowhere").header("X-Request-Id")).matches("[0-9a-f]{32}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "<script>", "\"", "ü"})
    void replacesAnIdThatCouldForgeLogLines(String id) {
        assertThat(server.send(embed(BODY).header("X-Request-Id", id)).header("X-Request-Id"))
                .matches("[0-9a-f]{32}");
        assertThat(server.send(embed(BODY).header("X-Request-Id", "x".repeat(129)))
                        .header("X-Request-Id"))
                .hasSize(32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", "61", "1e3", "NaN", "0.0001", "99999999999999"})
    void refusesAWrongTimeout(String timeout) {
        TestServer.Reply reply = server.send(embed(BODY).header("X-Request-Timeout", timeout));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("field").asString()).isEqualTo("X-Request-Timeout");
    }

    @Test
    void answers504WhenTheTimeIsOverAndDropsTheWork() {
        server.embedding.pending.clear();

        TestServer.Reply reply = server.send(
                embed("{\"texts\":[\"" + FakeEmbedding.NEVER + "\"]}").header("X-Request-Timeout", "0.05"));

        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.code()).isEqualTo("DEADLINE_EXCEEDED");
        assertThat(server.embedding.pending.getFirst()).isCancelled();
    }

    @Test
    void passesTheTimeThatIsLeftToTheEmbedding() {
        server.send(embed(BODY).header("X-Request-Timeout", "7.5"));

        assertThat(server.embedding.last)
                .isNotNull()
                .satisfies(request -> assertThat(request.timeout())
                        .isBetween(java.time.Duration.ofSeconds(1), java.time.Duration.ofMillis(7500)));
    }

    @Test
    void answers429WithRetryAfterWhenTheQueueIsFull() {
        TestServer.Reply reply = server.send(embed("{\"texts\":[\"" + FakeEmbedding.FULL + "\"]}"));

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("Retry-After")).isEqualTo("2");
        assertThat(reply.code()).isEqualTo("OVERLOADED");
    }

    @Test
    void answers429WhenTooManyRequestsAreWorkedOn() throws Exception {
        server.embedding.pending.clear();
        byte[] never =
                ("{\"texts\":[\"" + FakeEmbedding.NEVER + "\"]}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (RawHttp first = new RawHttp(server);
                RawHttp second = new RawHttp(server)) {
            first.post("/embed", never);
            second.post("/embed", never);
            org.awaitility.Awaitility.await().until(() -> server.admission.requests() == 2);

            assertThat(server.send(embed(BODY)).status()).isEqualTo(429);
        }
        org.awaitility.Awaitility.await().until(() -> server.admission.requests() == 0);
        assertThat(server.send(embed(BODY)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"broken,''", "broken,long", "unlinked,''", "unlinked,long", "unprintable,''", "unprintable,long"})
    void answersWhateverBreaksAndNeverTellsClientsWhatItWas(String text, String more) {
        String longer = more.isEmpty() ? "" : ",\"" + FakeEmbedding.LONG + "\"";

        TestServer.Reply reply = server.send(embed("{\"texts\":[\"" + text + "\"" + longer + "]}"));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.code()).isEqualTo("INTERNAL");
        assertThat(reply.raw().body()).doesNotContain("secret", "Exception", "Error", "\tat ");
        org.awaitility.Awaitility.await().until(() -> server.admission.requests() == 0);
    }

    @Test
    void keepsDiskWorkOffTheEventLoops() {
        server.collections.diskThreads.clear();

        server.get("/collections");
        server.get("/collections/shelf/documents");

        assertThat(server.collections.diskThreads)
                .hasSize(2)
                .allMatch(thread -> thread.getName().startsWith("http-"));
    }
}
