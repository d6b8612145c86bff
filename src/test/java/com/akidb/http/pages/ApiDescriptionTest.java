package com.akidb.http.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds the OpenAPI document and the server to one another. */
class ApiDescriptionTest {

    private static final String VECTOR = "\"vector\": [1, 2, 3]";
    private static TestServer server;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        server = new TestServer();
        document = server.get("/v3/api-docs").json();
        server.post("/collections", "{\"name\": \"shelf\"}");
        server.post(
                "/collections/shelf/documents",
                "{\"text\": \"a\", \"id\": \"1\", \"metadata\": {\"a\": null}, " + VECTOR + "}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static final Set<String> PAGES = Set.of("/v3/api-docs", "/openapi.json", "/docs", "/swagger-ui");

    @Test
    void describesEveryRouteAndOnlyRoutesThatExist() {
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    if (!method.equals("parameters")) {
                        described.add(method.toUpperCase(Locale.ROOT) + " " + path);
                    }
                }));
        Set<String> served = new TreeSet<>();
        for (String route : server.routes.routes()) {
            if (PAGES.stream()
                    .noneMatch(page -> route.equals("GET " + page)
                            || route.contains("/swagger-ui")
                            || route.startsWith("GET /console"))) {
                String bare = route.replace(" /api/v1/", " /");
                served.add((server.routes.routes().contains(bare) ? bare : route)
                        .replace("/docs", "/documents")
                        .replace(" /api/replicache/", " /api/v1/sync/")
                        .replace("{*", "{"));
            }
        }

        assertThat(described).isEqualTo(served);
    }

    @Test
    void servesEveryRouteUnderItsOtherNamesToo() {
        List<String> routes = server.routes.routes();

        assertThat(routes)
                .filteredOn(route -> route.contains(" /embed") || route.contains(" /collections"))
                .allSatisfy(route -> assertThat(routes).contains(route.replace(" /", " /api/v1/")));
        assertThat(routes)
                .filteredOn(route -> route.contains("/documents"))
                .allSatisfy(route -> assertThat(routes).contains(route.replace("/documents", "/docs")));
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("POST", "/embed", "{\"texts\": [\"a\"]}", 200, "EmbedResponse"),
                Arguments.of(
                        "POST",
                        "/embed",
                        "{\"texts\": [\"a\"], \"encoding_format\": \"base64\"}",
                        200,
                        "EmbedResponse"),
                Arguments.of("POST", "/embed", "{}", 400, "Problem"),
                Arguments.of("POST", "/embeddings/generate", "{\"text\": \"a\"}", 200, "GenerateResponse"),
                Arguments.of("POST", "/embeddings/generate", "{\"text\": [\"a\"]}", 200, "GenerateResponse"),
                Arguments.of("POST", "/embeddings/generate", "{\"text\": []}", 400, "Problem"),
                Arguments.of("POST", "/sql", "{\"query\": \"q\", \"params\": [1, [1, 2], null]}", 200, "SqlResponse"),
                Arguments.of("POST", "/sql", "{}", 400, "Problem"),
                Arguments.of("GET", "/embeddings/models", "", 200, "EmbeddingModels"),
                Arguments.of("GET", "/models/fake/files/manifest.json", "", 200, "ModelManifest"),
                Arguments.of("GET", "/models/none/files/manifest.json", "", 404, "Problem"),
                Arguments.of("POST", "/embeddings/models/preload", "{}", 200, "EmbeddingModel"),
                Arguments.of("POST", "/v1/embeddings", "{\"input\": \"a\"}", 200, "OpenAiEmbeddingResponse"),
                Arguments.of("POST", "/v1/embeddings", "{}", 400, "OpenAiError"),
                Arguments.of("GET", "/v1/models", "", 200, "OpenAiModels"),
                Arguments.of("GET", "/v1/models/fake", "", 200, "OpenAiModel"),
                Arguments.of("GET", "/v1/models/none", "", 404, "OpenAiError"),
                Arguments.of("POST", "/collections", "{\"name\": \"new\"}", 201, "Collection"),
                Arguments.of("GET", "/collections", "", 200, "Collections"),
                Arguments.of("GET", "/collections/shelf", "", 200, "Collection"),
                Arguments.of("GET", "/collections/none", "", 404, "Problem"),
                Arguments.of("DELETE", "/collections/none", "", 404, "Problem"),
                Arguments.of("POST", "/collections/shelf/documents", "{\"text\": \"a\"}", 201, "InsertedDocument"),
                Arguments.of(
                        "POST",
                        "/collections/shelf/documents",
                        "{\"documents\": [{\"text\": \"a\"}]}",
                        201,
                        "InsertedDocuments"),
                Arguments.of("GET", "/collections/shelf/documents?include_vectors=true", "", 200, "DocumentPage"),
                Arguments.of("GET", "/collections/shelf/documents/1?include_vector=true", "", 200, "Document"),
                Arguments.of("DELETE", "/collections/shelf/documents/none", "", 404, "Problem"),
                Arguments.of(
                        "POST",
                        "/collections/shelf/search",
                        "{" + VECTOR + ", \"explain\": true, \"include_vectors\": true}",
                        200,
                        "SearchResponse"),
                Arguments.of("GET", "/api/v1/caller", "", 200, "Caller"),
                Arguments.of("PUT", "/collections", "", 405, "Problem"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAsTheDocumentSays(String method, String path, String body, int status, String schema) {
        TestServer.Reply reply = server.send(server.to(path)
                .header("Content-Type", "application/json")
                .method(method, java.net.http.HttpRequest.BodyPublishers.ofString(body)));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(errors(ref(schema), reply.json())).isEmpty();
    }

    @Test
    void givesExamplesThatFitTheirSchemas() {
        List<String> checked = new ArrayList<>();
        walk(document.path("paths"), "", checked);
        walk(document.at("/components/responses"), "", checked);

        assertThat(checked).hasSizeGreaterThan(10);
    }

    private static void walk(JsonNode node, String path, List<String> checked) {
        if (node.has("schema") && (node.has("example") || node.has("examples"))) {
            List<JsonNode> examples = new ArrayList<>();
            if (node.has("example")) {
                examples.add(node.path("example"));
            }
            node.path("examples").forEach(example -> examples.add(example.path("value")));
            for (JsonNode example : examples) {
                assertThat(errors(node.path("schema"), example)).as(path).isEmpty();
                checked.add(path);
            }
        }
        if (node.isObject()) {
            node.forEachEntry((name, child) -> walk(child, path + "/" + name, checked));
        }
        if (node.isArray()) {
            node.forEach(child -> walk(child, path, checked));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/swagger-ui, text/html",
        "/swagger-ui/, text/html",
        "/openapi.json, application/json",
        "/version, application/json",
        "/, application/json",
        "/swagger-ui/swagger-ui.css, text/css",
        "/swagger-ui/swagger-ui-bundle.js, text/javascript",
        "/swagger-ui/start.js, text/javascript",
        "/swagger-ui/favicon-32x32.png, image/png"
    })
    void servesThePageAndAllThatItNeeds(String path, String type) {
        TestServer.Reply reply = server.get(path);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith(type);
        assertThat(reply.raw().body()).isNotEmpty();
    }

    @Test
    void tellsBrowsersOnAPageAndOthersInJsonWhereThingsAre() {
        TestServer.Reply page = server.send(server.to("/").header("Accept", "text/html,*/*;q=0.8"));
        TestServer.Reply json = server.get("/");

        assertThat(server.send(server.to("/").header("Accept", "text/html")).status())
                .isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        for (String path : List.of("/console", "/swagger-ui", "/openapi.json", "/health", "/metrics", "/version")) {
            assertThat(page.raw().body()).contains("href=\"" + path + "\"");
            assertThat(json.raw().body()).contains("\"" + path + "\"");
        }
        assertThat(json.json().path("name").asString()).isEqualTo("akidb");
    }

    @Test
    void leadsFromWherePeopleLookFirst() {
        TestServer.Reply docs = server.get("/docs");

        assertThat(docs.status()).isEqualTo(307);
        assertThat(server.get(docs.header("Location")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/swagger-ui", "/swagger-ui/swagger-ui.css", "/v3/api-docs", "/openapi.json"})
    void sendsAFileAgainOnlyIfItChanged(String path) {
        String tag = server.get(path).header("ETag");
        HttpResponse<String> same = server.sendRaw(server.to(path).header("If-None-Match", "\"other\", W/" + tag));
        HttpResponse<String> other = server.sendRaw(server.to(path).header("If-None-Match", "\"other\""));

        assertThat(tag).matches("\"[0-9a-f]{24}\"");
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.headers().firstValue("ETag")).contains(tag);
        assertThat(other.statusCode()).isEqualTo(200);
    }

    @Test
    void answersHeadWhereverItAnswersGet() {
        for (String route : server.routes.routes()) {
            if (route.startsWith("GET ")) {
                String path = route.substring(4).replaceAll("\\{[^}]*}", "fake");
                HttpResponse<String> get = server.sendRaw(server.to(path));
                HttpResponse<String> head =
                        server.sendRaw(server.to(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));

                assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
                assertThat(head.body()).isEmpty();
                assertThat(head.headers().firstValue("Content-Type"))
                        .isEqualTo(get.headers().firstValue("Content-Type"));
            }
        }
    }

    @Test
    void servesNoOtherFileBehindThePage() {
        assertThat(server.get("/swagger-ui/..%2f..%2fapplication.yml").status()).isEqualTo(404);
        assertThat(server.get("/webjars/swagger-ui/index.html").status()).isEqualTo(404);
    }

    private static ObjectNode ref(String schema) {
        return TestServer.JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
    }

    private static List<Error> errors(JsonNode schema, JsonNode value) {
        ObjectNode whole = ((ObjectNode) schema.deepCopy());
        whole.set("components", document.path("components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole)
                .validate(value);
    }
}
