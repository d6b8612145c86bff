package com.akidb.http.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's files as they are served; what they do in a browser is tested in console/. */
class ConsolePageTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void leadsFromItsShortAddressToThePage() {
        TestServer.Reply reply = server.get("/console");

        assertThat(reply.status()).isEqualTo(307);
        assertThat(reply.header("Location")).isEqualTo("/console/");
        assertThat(server.send(server.to("/console/").header("Accept", "text/html"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void servesAllThatThePageNames() {
        String page = server.get("/console/").raw().body();
        Matcher named = Pattern.compile("(?:href|src)=\"([^\"]+)\"").matcher(page);
        int files = 0;

        while (named.find()) {
            assertThat(named.group(1)).doesNotContain("//");
            assertThat(server.get("/console/" + named.group(1)).status())
                    .as(named.group(1))
                    .isEqualTo(200);
            files++;
        }
        assertThat(files).isGreaterThan(4);
        assertThat(page).doesNotContain("<style").doesNotContain("style=").doesNotContain("<script>");
    }

    @ParameterizedTest
    @CsvSource({
        "'', text/html",
        "console.js, text/javascript",
        "console.css, text/css",
        "icon.svg, image/svg+xml",
        "vendor/vendor.txt, text/plain"
    })
    void letsBrowsersRunNothingThatIsNotAFileOfThisServer(String file, String type) {
        TestServer.Reply reply = server.get("/console/" + file);

        assertThat(reply.header("Content-Type")).startsWith(type);
        assertThat(reply.header("Content-Security-Policy"))
                .startsWith("default-src 'self';")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
                .doesNotContain("unsafe", "*", "data:");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none.js",
                "vendor",
                "..%2fapplication.yml",
                "%2e%2e/application.yml",
                "vendor/akidb.d.ts",
                "x.class"
            })
    void servesNothingElse(String file) {
        assertThat(server.get("/console/" + file).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, true",
        "'deflate, gzip;q=0.5', true",
        "*, true",
        "'gzip;q=0', false",
        "identity, false",
        "'', false"
    })
    void compressesTextForThoseWhoTakeIt(String accepted, boolean compressed) throws Exception {
        HttpResponse<byte[]> response = get("/console/console.css", accepted);
        String plain = server.get("/console/console.css").raw().body();

        assertThat(response.headers().firstValue("Content-Encoding").isPresent())
                .isEqualTo(compressed);
        assertThat(response.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(compressed ? unzip(response.body()) : new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(plain);
    }

    @Test
    void knowsACompressedFileAgain() throws Exception {
        String tag =
                get("/console/console.css", "gzip").headers().firstValue("ETag").orElseThrow();

        assertThat(tag).isNotEqualTo(server.get("/console/console.css").header("ETag"));
        assertThat(server.sendRaw(server.to("/console/console.css").header("If-None-Match", tag))
                        .statusCode())
                .isEqualTo(304);
    }

    private static HttpResponse<byte[]> get(String path, String accepted) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = server.to(path).build().uri();
            return client.send(
                    java.net.http.HttpRequest.newBuilder(address)
                            .header("Accept-Encoding", accepted)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String unzip(byte[] bytes) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
