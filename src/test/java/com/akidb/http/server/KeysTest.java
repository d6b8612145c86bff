package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import com.akidb.security.ApiKeys;
import com.akidb.security.RequestRate;
import com.akidb.security.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The REST surface at a server with API keys. */
class KeysTest {

    private static final String UNKNOWN = "akidb_00000000_" + "A".repeat(43);
    private static final String ORIGIN = "https://app.example.org";

    @TempDir
    private static Path data;

    private static ApiKeys keys;
    private static final Map<Scope, String> KEY = new EnumMap<>(Scope.class);
    private static TestServer server;

    @BeforeAll
    static void start() {
        keys = new ApiKeys(data, InstantSource.system());
        for (Scope scope : Scope.values()) {
            KEY.put(
                    scope,
                    keys.create(scope.wireName(), Set.of(scope), null, null).text());
        }
        server = new TestServer("akidb.data-dir=" + data, "akidb.security.cors.allowed-origins=" + ORIGIN);
        server.send(with(key(Scope.ADMIN), json("/collections", "POST", "{\"name\": \"shelf\"}")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String key(Scope scope) {
        return Objects.requireNonNull(KEY.get(scope));
    }

    private static HttpRequest.Builder json(String path, String method, String body) {
        return server.to(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder with(String key, HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + key);
    }

    /** All routes, as method and path. */
    private static Set<String> routes() {
        Set<String> all = new TreeSet<>();
        for (String route : server.routes.routes()) {
            all.add(route.replaceAll("\\{\\*?([^}]*)}", "$1"));
        }
        server.get("/v3/api-docs")
                .json()
                .path("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, o) -> {
                    if (!method.equals("parameters")) {
                        all.add(method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{([^}]*)}", "$1"));
                    }
                }));
        return all;
    }

    @Test
    void letsNobodyUseAnyRouteWithoutAKeyThatMay() {
        int closed = 0;
        for (String route : routes()) {
            String method = route.substring(0, route.indexOf(' '));
            String path = route.substring(route.indexOf(' ') + 1);
            Supplier<HttpRequest.Builder> request = () -> json(path, method, "");
            RouteTable.Match match = server.routes.find(path);
            Scope scope = match != null
                    ? Objects.requireNonNull(match.route(method)).scope()
                    : path.equals("/metrics") ? Scope.READ : null;
            int without = server.sendRaw(request.get()).statusCode();
            if (scope == null) {
                assertThat(path)
                        .matches(
                                "/|/health(/.*)?|/swagger-ui(/.*)?|/console(/.*)?|/v3/api-docs|/openapi.json|/docs|/version");
                assertThat(without).as(route).isNotEqualTo(401);
                continue;
            }
            closed++;
            assertThat(without).as(route).isEqualTo(401);
            assertThat(server.sendRaw(with(UNKNOWN, request.get())).statusCode())
                    .as(route)
                    .isEqualTo(401);
            for (Scope held : Scope.values()) {
                TestServer.Reply reply = server.send(with(key(held), request.get()));
                if (held == scope || held == Scope.ADMIN) {
                    assertThat(reply.status()).as(route + " as " + held).isNotIn(401, 403);
                } else {
                    assertThat(reply.status()).as(route + " as " + held).isEqualTo(403);
                    assertThat(reply.raw().body()).contains("the scope " + scope.wireName());
                }
            }
        }
        assertThat(closed).isGreaterThan(20);
    }

    @Test
    void tellsInItsDescriptionWhichScopeEachOperationNeeds() {
        JsonNode paths = server.get("/v3/api-docs").json().path("paths");

        assertThat(paths.at("/~1embed/post/security/0/bearer/0").asString()).isEqualTo("read");
        assertThat(paths.at("/~1collections~1{collection}/delete/security/1/key/0")
                        .asString())
                .isEqualTo("admin");
        String computed = "/~1api~1v1~1tables~1{table}~1columns~1computed~1";
        assertThat(paths.at(computed + "embedding/post/security/0/bearer/0").asString())
                .isEqualTo("admin");
        assertThat(paths.at(computed + "{column}/patch/security/0/bearer/0").asString())
                .isEqualTo("admin");
        assertThat(paths.at(computed + "{column}~1retry/post/security/0/bearer/0")
                        .asString())
                .isEqualTo("write");
        assertThat(paths.at("/~1metrics/get/security/0/bearer/0").asString()).isEqualTo("read");
        assertThat(paths.at("/~1health/get/security").isArray()).isTrue();
        assertThat(paths.at("/~1health/get/security")).isEmpty();
    }

    @Test
    void saysInTheFormOfAllErrorsWhatIsMissing() {
        TestServer.Reply reply = server.get("/collections");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"akidb\"");
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.code()).isEqualTo("UNAUTHENTICATED");
        assertThat(reply.header("X-Request-Id")).isNotEmpty();
    }

    @Test
    void keepsTheFormOfOpenAiForItsClients() {
        TestServer.Reply reply = server.send(json("/v1/embeddings", "POST", "{\"input\": \"a\"}"));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.json().at("/error/message").asString()).startsWith("An API key is needed");
        assertThat(reply.json().at("/error/code").asString()).isEqualTo("unauthenticated");
    }

    @Test
    void takesTheKeyFromItsOwnHeaderToo() {
        assertThat(server.send(server.to("/collections").header("X-API-Key", key(Scope.READ)))
                        .status())
                .isEqualTo(200);
        TestServer.Reply two =
                server.send(with(key(Scope.ADMIN), server.to("/collections")).header("X-API-Key", key(Scope.READ)));
        assertThat(two.status()).isEqualTo(401);
        assertThat(two.json().path("detail").asString()).startsWith("Two different API keys");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer",
                "Authorization: Bearer ",
                "Authorization: Basic dTpw",
                "Authorization: Bearer sch\u00fcssel",
                "Authorization: Bearer \u0001\u0002",
                "X-API-Key:",
                "X-API-Key: a b"
            })
    void refusesWhatIsNoKey(String header) throws IOException {
        assertThat(raw("GET /collections HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 (401|400) .*");
    }

    @Test
    void refusesHeadersThatAreTooLong() throws IOException {
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /collections HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write("a".repeat(9_000).getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .matches("(?s)HTTP/1.1 (413|431|400) .*");
        }
        assertThat(raw("GET /collections HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + "a".repeat(6_000)
                        + "\r\nConnection: close\r\n\r\n"))
                .contains("401", "longer than any key");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = server.connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void limitsAKeyToItsRate() {
        String slow = keys.create("slow", Set.of(Scope.READ), null, new RequestRate(0.01, 1))
                .text();
        until(() -> server.send(with(slow, server.to("/collections"))).status() == 200);

        TestServer.Reply limited = server.send(with(slow, server.to("/collections")));

        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.code()).isEqualTo("RATE_LIMITED");
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(90, 100);
        assertThat(server.send(with(key(Scope.READ), server.to("/collections"))).status())
                .isEqualTo(200);
    }

    @Test
    void endsWhatHasBegunWhenItsKeyIsRevoked() throws IOException {
        String key = keys.create("leaving", Set.of(Scope.WRITE), null, null).text();
        String path = "/collections/shelf/documents";
        String body = "{\"id\": \"slow\", \"text\": \"a\", \"vector\": [1, 2, 3]}";
        // A route that its scope does not open: 403 says that the key is known by now.
        until(() -> server.send(with(key, server.to("/collections"))).status() == 403);
        try (Socket socket = server.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-API-Key: "
                            + key
                            + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + body.substring(0, 10))
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            // The head is with the server once it answers another connection that came later.
            server.get("/v3/api-docs");
            keys.revoke("leaving");
            until(() -> server.send(with(key, server.to("/collections"))).status() == 401);

            out.write(body.substring(10).getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 201");
        }
    }

    private static String refused() {
        try {
            return Files.readString(data.resolve("audit/refused.log"));
        } catch (IOException none) {
            return "";
        }
    }

    private static void until(Supplier<Boolean> state) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!state.get()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void logsWhoChangedWhatBeforeItAnswers() throws IOException {
        String body = "{\"documents\": [{\"id\": \"x\", \"text\": \"secret\", \"vector\": [1, 2, 3]}]}";
        server.send(with(key(Scope.WRITE), json("/collections/shelf/documents", "POST", body))
                .header("X-Request-Id", "audited-1"));
        server.send(with(key(Scope.ADMIN), json("/collections", "POST", "{\"name\": \"audited\"}")));
        server.send(with(key(Scope.ADMIN), json("/collections/none", "DELETE", "")));
        server.send(with(key(Scope.READ), server.to("/collections/audited")));

        String log = Files.readString(data.resolve("audit/audit.log"));
        assertThat(log)
                .doesNotContain("secret")
                .doesNotContain(key(Scope.WRITE))
                .doesNotContain("\"GET ");
        assertThat(log.lines())
                .anyMatch(line -> line.contains("\"request_id\":\"audited-1\"")
                        && line.contains("\"key\":\"write\"")
                        && line.contains("\"operation\":\"POST /collections/{collection}/documents\"")
                        && line.contains("\"target\":\"shelf\"")
                        && line.contains("\"items\":1")
                        && line.contains("\"outcome\":\"201\""))
                .anyMatch(line -> line.contains("\"target\":\"audited\"") && line.contains("\"outcome\":\"201\""))
                .anyMatch(line -> line.contains("\"target\":\"none\"") && line.contains("\"outcome\":\"404\""));
    }

    @Test
    void logsWhoWasRefusedAChangeAndWhy() throws IOException {
        String slow = keys.create("slow-writer", Set.of(Scope.WRITE), null, new RequestRate(0.01, 1))
                .text();
        String path = "/collections/shelf/documents";
        until(() -> server.send(with(slow, json(path, "POST", ""))).status() == 400);
        server.send(with(slow, json(path, "POST", "{\"id\": \"secret\"}")));
        server.send(with(key(Scope.READ), json(path, "POST", "")).header("X-Request-Id", "refused-1"));
        server.send(with(UNKNOWN, json("/collections/shelf", "DELETE", "")));
        server.get("/collections");

        until(() -> refused().contains("\"operation\":\"DELETE /collections/{collection}\",\"target\":\"shelf\""));
        String log = refused();
        assertThat(log).doesNotContain("secret").doesNotContain(UNKNOWN).doesNotContain("\"GET ");
        assertThat(log.lines())
                .allMatch(line -> line.contains("\"address\":\"127.0.0.1\"") && line.contains("\"time\":\""))
                .anyMatch(line -> line.contains("\"key\":\"slow-writer\"")
                        && line.contains("\"outcome\":\"429\"")
                        && line.contains("\"code\":\"RATE_LIMITED\""))
                .anyMatch(line -> line.contains("\"request_id\":\"refused-1\"")
                        && line.contains("\"key\":\"read\"")
                        && line.contains("\"operation\":\"POST /collections/{collection}/documents\"")
                        && line.contains("\"target\":\"shelf\"")
                        && line.contains("\"outcome\":\"403\"")
                        && line.contains("\"code\":\"FORBIDDEN\""))
                .anyMatch(line -> line.contains("\"key\":\"unknown\"")
                        && line.contains("\"operation\":\"DELETE /collections/{collection}\"")
                        && line.contains("\"outcome\":\"401\"")
                        && line.contains("\"code\":\"UNAUTHENTICATED\""));
        assertThat(Files.readString(data.resolve("audit/audit.log"))).doesNotContain("refused-1");
    }

    @Test
    void answersBrowsersOfAllowedOriginsAlone() {
        TestServer.Reply asked = server.send(server.to("/collections/shelf/search")
                .header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
        assertThat(asked.header("Access-Control-Allow-Headers")).contains("authorization");

        TestServer.Reply used =
                server.send(with(key(Scope.READ), server.to("/collections")).header("Origin", ORIGIN));
        assertThat(used.status()).isEqualTo(200);
        assertThat(used.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);

        TestServer.Reply other =
                server.send(with(key(Scope.READ), server.to("/collections")).header("Origin", "https://evil.example"));
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.code()).isEqualTo("FORBIDDEN");
        assertThat(other.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void keepsTheIdempotencyKeysOfItsCallersApart() {
        List<String> ids = Stream.of(Scope.WRITE, Scope.ADMIN, Scope.WRITE)
                .map(caller -> server.send(
                                with(key(caller), json("/collections/shelf/documents", "POST", "{\"text\": \"t\"}"))
                                        .header("Idempotency-Key", "same"))
                        .json()
                        .path("id")
                        .asString())
                .toList();

        assertThat(ids.get(0)).isEqualTo(ids.get(2)).isNotEqualTo(ids.get(1));
    }
}
