package com.akidb.http.pages;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.http.server.StaticFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;

/**
 * {@code GET /}: what this server is and where things are, as a page for browsers and as JSON for others; {@code /version};
 * and the addresses at which people look for the API's description first.
 */
final class WelcomePage {

    /** A place, as the page and the JSON list it. */
    private record Place(String name, String path, String what) {}

    private static final List<Place> PLACES = List.of(
            new Place("console", ConsolePage.PATH, "to see and search what is stored"),
            new Place("api", ApiPage.PATH, "every route, to read and to try"),
            new Place("openapi", "/openapi.json", "the same as an OpenAPI description"),
            new Place("health", "/health", "whether the server takes requests and can embed"),
            new Place("metrics", "/metrics", "for Prometheus"),
            new Place("version", "/version", "the version of the server"));

    private final String version;
    private final StaticFile page;

    WelcomePage(String version) {
        this.version = version;
        this.page = new StaticFile(
                html(version).getBytes(StandardCharsets.UTF_8),
                "text/html;charset=utf-8",
                Map.of(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
                        HttpHeaders.VARY,
                        HttpHeaders.ACCEPT));
    }

    void addTo(RouteTable routes) {
        routes.addOpen("GET", "/", Endpoint.with(this::welcome, Endpoint.Extra.PAGE_OUT))
                .addOpen("GET", "/version", this::version)
                .addOpen("GET", "/docs", call -> Mono.just(Answer.redirect(ApiPage.PATH)));
    }

    private Mono<Answer> welcome(Call call) {
        boolean browser = call.exchange().getRequest().getHeaders().getAccept().stream()
                .anyMatch(range -> range.equalsTypeAndSubtype(MediaType.TEXT_HTML));
        return Mono.just(browser ? page.answer(call) : json());
    }

    private Answer json() {
        JsonWriter json = new JsonWriter(512);
        about(json).put(piece(",\"description\":")).value("Embeds private text and searches it by meaning.");
        json.put(piece(",\"paths\":"));
        char before = '{';
        for (Place place : PLACES) {
            json.put(before).value(place.name()).put(':').value(place.path());
            before = ',';
        }
        Answer answer = Answer.ok(json.put(piece("}}")));
        return new Answer(
                HttpStatus.OK, answer.body(), answer.contentType(), Map.of(HttpHeaders.VARY, HttpHeaders.ACCEPT));
    }

    private Mono<Answer> version(Call call) {
        return Mono.just(Answer.ok(about(new JsonWriter(64)).put('}')));
    }

    private JsonWriter about(JsonWriter json) {
        return json.put(piece("{\"name\":\"akidb\",\"version\":")).value(version);
    }

    private static String html(String version) {
        StringBuilder places = new StringBuilder();
        for (Place place : PLACES) {
            places.append("<li><a href=\"")
                    .append(place.path())
                    .append("\">")
                    .append(place.path())
                    .append("</a>: ")
                    .append(place.what())
                    .append("</li>\n");
        }
        return String.format(Locale.ROOT, """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>AkiDB</title>
            <style>body {font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem}</style>
            </head>
            <body>
            <h1>AkiDB %s</h1>
            <p>This server embeds private text and searches it by meaning.</p>
            <ul>
            %s</ul>
            </body>
            </html>
            """, version, places);
    }
}
