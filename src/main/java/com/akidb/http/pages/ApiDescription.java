package com.akidb.http.pages;

import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.http.server.StaticFile;
import com.akidb.security.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.Yaml;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /v3/api-docs}: the OpenAPI document as JSON, from the YAML that people edit, and the scope of an API key that
 * each operation needs, from the routes.
 */
final class ApiDescription implements Endpoint {

    static final String PATH = "/v3/api-docs";

    private static final List<String> SCHEMES = List.of("bearer", "key");

    private final RouteTable routes;
    private volatile @Nullable StaticFile file;

    ApiDescription(RouteTable routes) {
        this.routes = routes;
    }

    @Override
    public Mono<Answer> handle(Call call) {
        return call.blocking(this::file, file -> file.answer(call));
    }

    /** The document as JSON; read when it is first asked for. */
    private StaticFile file() {
        StaticFile ready = file;
        if (ready == null) {
            try (InputStream yaml = new ClassPathResource("openapi/akidb.yaml").getInputStream()) {
                Map<String, Object> document = new Yaml().load(yaml);
                addScopes(document);
                ready = new StaticFile(JsonMapper.shared().writeValueAsBytes(document), Answer.JSON);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            file = ready;
        }
        return ready;
    }

    /** A route's path with its variables in braces leads to that route: braces are values like any other. */
    private void addScopes(Map<String, Object> document) {
        members(document.get("paths")).forEach((path, item) -> {
            RouteTable.Match match = routes.find(path);
            members(item).forEach((method, operation) -> {
                RouteTable.Route route = match == null ? null : match.route(method.toUpperCase(Locale.ROOT));
                Scope scope = route == null ? null : route.scope();
                if (!method.equals("parameters")) {
                    List<Map<String, List<String>>> security = scope == null
                            ? List.of()
                            : SCHEMES.stream()
                                    .map(scheme -> Map.of(scheme, List.of(scope.wireName())))
                                    .toList();
                    members(operation).put("security", security);
                }
            });
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> members(@Nullable Object node) {
        return node instanceof Map ? (Map<String, Object>) node : new HashMap<>();
    }
}
