package com.akidb.http.pages;

import com.akidb.error.NotFoundException;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.http.server.StaticFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;
import reactor.core.publisher.Mono;

/**
 * The console, {@code GET /console/}: files of the folder {@code console} of the jar, open to everybody since they hold nobody's
 * data; what the page then asks for needs a key as ever. The page may load nothing from elsewhere and run nothing that stands in
 * a text: whatever is stored is shown, never executed.
 */
final class ConsolePage {

    static final String PATH = "/console";

    private static final String PAGE = "index.html";
    private static final Pattern NAME = Pattern.compile("(?:[a-z0-9-]{1,40}/){0,3}[a-z0-9-]{1,40}\\.([a-z]{2,4})");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain;charset=utf-8");
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                    + "require-trusted-types-for 'script'",
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff");

    private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

    void addTo(RouteTable routes) {
        routes.addOpen("GET", PATH, call -> Mono.just(Answer.redirect(PATH + "/")))
                .addOpen("GET", PATH + "/", Endpoint.with(call -> file(call, PAGE), Endpoint.Extra.PAGE_OUT))
                .addOpen("GET", PATH + "/{*file}", call -> file(call, call.variable(0)));
    }

    private Mono<Answer> file(Call call, String name) {
        var match = NAME.matcher(name);
        String type = match.matches() ? TYPES.get(match.group(1)) : null;
        if (type == null) {
            throw new NotFoundException("There is nothing here");
        }
        return call.blocking(() -> files.computeIfAbsent(name, file -> read(file, type)), file -> file.answer(call));
    }

    private static StaticFile read(String name, String type) {
        ClassPathResource file = new ClassPathResource("console/" + name);
        if (!file.exists()) {
            throw new NotFoundException("There is nothing here");
        }
        try (InputStream bytes = file.getInputStream()) {
            return new StaticFile(bytes.readAllBytes(), type, HEADERS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
