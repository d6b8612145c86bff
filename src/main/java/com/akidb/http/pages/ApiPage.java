package com.akidb.http.pages;

import com.akidb.error.NotFoundException;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.RouteTable;
import com.akidb.http.server.StaticFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.ClassPathResource;
import reactor.core.publisher.Mono;

/** A page to try the API in a browser, {@code GET /swagger-ui}. All that it needs comes from this server. */
final class ApiPage {

    static final String PATH = "/swagger-ui";

    private static final Map<String, String> TYPES = Map.of(
            "swagger-ui.css", "text/css;charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript;charset=utf-8",
            "favicon-32x32.png", "image/png");
    private static final String START = "start.js";
    private static final String PAGE = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>AkiDB</title>
        <link rel="stylesheet" href="/swagger-ui/swagger-ui.css">
        <link rel="icon" type="image/png" href="/swagger-ui/favicon-32x32.png">
        </head>
        <body>
        <div id="swagger-ui"></div>
        <script src="/swagger-ui/swagger-ui-bundle.js"></script>
        <script src="/swagger-ui/start.js"></script>
        </body>
        </html>
        """;
    private static final String SCRIPT =
            "SwaggerUIBundle({url: '" + ApiDescription.PATH + "', dom_id: '#swagger-ui', validatorUrl: null});\n";
    private static final String POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    private final StaticFile page = new StaticFile(
            PAGE.getBytes(StandardCharsets.UTF_8),
            "text/html;charset=utf-8",
            Map.of("Content-Security-Policy", POLICY));
    private final StaticFile start =
            new StaticFile(SCRIPT.getBytes(StandardCharsets.UTF_8), "text/javascript;charset=utf-8");
    private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

    void addTo(RouteTable routes) {
        routes.addOpen("GET", PATH, call -> Mono.just(page.answer(call)))
                .addOpen("GET", PATH + "/", call -> Mono.just(page.answer(call)))
                .addOpen("GET", PATH + "/{file}", this::file);
    }

    private Mono<Answer> file(Call call) {
        String name = call.variable(0);
        if (name.equals(START)) {
            return Mono.just(start.answer(call));
        }
        if (!TYPES.containsKey(name)) {
            throw new NotFoundException("There is nothing here");
        }
        return call.blocking(() -> files.computeIfAbsent(name, ApiPage::read), file -> file.answer(call));
    }

    private static StaticFile read(String name) {
        try (InputStream about =
                new ClassPathResource("META-INF/maven/org.webjars/swagger-ui/pom.properties").getInputStream()) {
            Properties properties = new Properties();
            properties.load(about);
            String folder = "META-INF/resources/webjars/swagger-ui/" + properties.getProperty("version") + "/";
            try (InputStream file = new ClassPathResource(folder + name).getInputStream()) {
                return new StaticFile(
                        file.readAllBytes(), TYPES.getOrDefault(name, ""), Map.of("Cache-Control", "max-age=600"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
