package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.http.AddressRange;
import com.akidb.http.RawHttp;
import com.akidb.http.TestServer;
import com.akidb.security.ApiKeys;
import com.akidb.security.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways round the doors: other paths to the same place, what proxies say, names of other hosts. */
class DoorsTest {

    @TempDir
    private static Path data;

    private static String writer;
    private static String admin;
    private static TestServer open;
    private static TestServer locked;
    private static TestServer behindProxy;

    @BeforeAll
    static void start() {
        ApiKeys keys = new ApiKeys(data, InstantSource.system());
        writer = keys.create("writer", Set.of(Scope.WRITE), null, null).text();
        admin = keys.create("admin", Set.of(Scope.ADMIN), null, null).text();
        open = new TestServer("akidb.http.allowed-hosts=akidb.internal");
        locked = new TestServer("akidb.data-dir=" + data, "server.forward-headers-strategy=native");
        behindProxy = new TestServer("akidb.data-dir=" + data, "akidb.http.trusted-proxies=192.0.2.0/24,127.0.0.1");
    }

    @AfterAll
    static void stop() {
        open.close();
        locked.close();
        behindProxy.close();
    }

    private static RawHttp.Reply get(TestServer server, String target, String... headers) throws IOException {
        try (RawHttp client = new RawHttp(server)) {
            StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return client.send(head.append("\r\n").toString()).reply();
        }
    }

    private static String host(TestServer server) {
        return "Host: localhost:" + server.port();
    }

    private static String bearer(String key) {
        return "Authorization: Bearer " + key;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics;x=1",
                "/metrics;",
                "/metrics/",
                "//metrics",
                "/./metrics",
                "/x/../metrics",
                "/%6detrics",
                "/metrics%2f",
                "/metrics%00",
                "/health/../metrics",
                "/health/%2e%2e/metrics",
                "/health/x",
                "/health;x=1",
                "/actuator/prometheus",
                "/prometheus",
                "/collections;x=1",
                "/swagger-ui;/../metrics"
            })
    void whatIsNoRouteLeadsNowhereWhateverTheKeyMay(String path) throws IOException {
        assertThat(get(locked, path, host(locked)).statusLine()).contains(" 401 ");
        assertThat(get(locked, path, host(locked), bearer(writer)).statusLine()).contains(" 404 ");
        assertThat(get(locked, path, host(locked), bearer(admin)).statusLine()).contains(" 404 ");
    }

    @Test
    void aKeyThatMayNotReadMetricsDoesNot() throws IOException {
        assertThat(get(locked, "/metrics", host(locked)).statusLine()).contains(" 401 ");
        assertThat(get(locked, "/metrics", host(locked), bearer(writer)).statusLine())
                .contains(" 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/v1", "/swagger-ui"})
    void noHeaderOfAStrangerMovesAPath(String prefix) throws IOException {
        for (String path : Set.of("/metrics", "/collections")) {
            assertThat(get(locked, path, host(locked), "X-Forwarded-Prefix: " + prefix, "Forwarded: for=x")
                            .statusLine())
                    .contains(" 401 ");
            assertThat(get(behindProxy, path, host(behindProxy), "X-Forwarded-Prefix: " + prefix)
                            .statusLine())
                    .contains(" 401 ");
        }
    }

    @Test
    void aForeignOriginStaysForeignWhateverAStrangerSaysOfTheHost() throws IOException {
        String[] lie = {
            host(locked),
            bearer(admin),
            "Origin: https://evil.example",
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Proto: https"
        };

        assertThat(get(locked, "/collections", lie).statusLine()).contains(" 403 ");
    }

    @Test
    void aProxyThatIsTrustedTellsThePagesOfThisServerFromOthers() throws IOException {
        String[] proxied = {
            host(behindProxy),
            bearer(admin),
            "Origin: https://db.example",
            "X-Forwarded-Host: db.example",
            "X-Forwarded-Proto: https"
        };

        assertThat(get(behindProxy, "/collections", proxied).statusLine()).contains(" 200 ");
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.9, 198.51.100.9",
        "'203.0.113.1, 198.51.100.9, 192.0.2.44', 198.51.100.9",
        "'198.51.100.9:4711', 198.51.100.9",
        "'192.0.2.3, 192.0.2.44', 192.0.2.3",
        "'198.51.100.9, nonsense', 127.0.0.1"
    })
    void theAuditLogHasTheLastAddressThatIsNoTrustedProxy(String forwarded, String address) throws IOException {
        String id = "proxied-" + Math.abs(forwarded.hashCode());
        try (RawHttp client = new RawHttp(behindProxy)) {
            client.send("DELETE /collections/none HTTP/1.1\r\n" + host(behindProxy) + "\r\nX-Request-Id: " + id
                            + "\r\nX-Forwarded-For: " + forwarded + "\r\n\r\n")
                    .reply();
        }

        assertThat(line(id)).contains("\"address\":\"" + address + "\"");
    }

    @Test
    void theAuditLogDoesNotBelieveStrangers() throws IOException {
        try (RawHttp client = new RawHttp(locked)) {
            client.send("DELETE /collections/none HTTP/1.1\r\n" + host(locked)
                            + "\r\nX-Request-Id: stranger\r\nX-Forwarded-For: 198.51.100.9\r\n"
                            + "Forwarded: for=198.51.100.9\r\n\r\n")
                    .reply();
        }

        assertThat(line("stranger")).contains("\"address\":\"127.0.0.1\"");
    }

    /** The line of a refused request, which is written after its answer. */
    private static String line(String id) throws IOException {
        Path log = data.resolve("audit/refused.log");
        long end = System.nanoTime() + 20_000_000_000L;
        while (true) {
            for (String line : Files.exists(log) ? Files.readAllLines(log) : java.util.List.<String>of()) {
                if (line.contains("\"" + id + "\"")) {
                    return line;
                }
            }
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:80",
                "db.localhost",
                "127.0.0.1",
                "127.3.2.1:8080",
                "[::1]:8080",
                "akidb.internal",
                "AkiDB.internal:443"
            })
    void aServerWithoutKeysAnswersToItsOwnNames(String host) throws IOException {
        assertThat(get(open, "/collections", "Host: " + host).statusLine()).contains(" 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "192.0.2.1",
                "akidb.internal.evil.example",
                "localhostx",
                "[2001:db8::1]"
            })
    void aServerWithoutKeysAnswersToNoOtherName(String host) throws IOException {
        for (String path : Set.of("/collections", "/", "/health", "/nowhere")) {
            RawHttp.Reply reply = get(open, path, "Host: " + host);

            assertThat(reply.statusLine()).contains(" 403 ");
            assertThat(reply.body()).contains("akidb.http.allowed-hosts");
        }
    }

    @Test
    void aServerWithKeysAnswersToEveryName() throws IOException {
        assertThat(get(locked, "/collections", "Host: db.example", bearer(admin))
                        .statusLine())
                .contains(" 200 ");
    }

    @Test
    void aRequestNamesOneHost() throws IOException {
        assertThat(get(open, "/collections").statusLine()).contains(" 400 ");
        assertThat(get(open, "/collections", "Host: localhost", "Host: localhost")
                        .statusLine())
                .contains(" 400 ");
        assertThat(get(open, "/collections", "Host: localhost", "host: evil.example")
                        .statusLine())
                .contains(" 400 ");
        assertThat(get(open, "/collections", "Host:").statusLine()).contains(" 400 ");
        assertThat(get(locked, "/collections", bearer(admin)).statusLine()).contains(" 400 ");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false"
    })
    void aRangeHoldsWhatBeginsAsItDoes(String range, String address, boolean holds) throws IOException {
        assertThat(AddressRange.parse(range).contains(InetAddress.getByName(address)))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "2001:db8::/129", "10.0.0"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
