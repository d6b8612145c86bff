package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.account.Rights;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.security.ApiKeys;
import com.akidb.security.RightsJson;
import com.akidb.security.Scope;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keys and tokens that may see only a part of the data, at a whole server: whatever they ask, of every route, no answer holds what
 * they may not see.
 */
class LimitedAccessTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    /** In all cells of another person's row. */
    private static final String ROW = "ROWSECRET";

    /** In a column of every row. */
    private static final String COLUMN = "COLSECRET";

    /** In a table and in a collection. */
    private static final String TABLE = "TABSECRET";

    /** Contents, and the names of what holds them: a table, a column, a key, a collection. */
    private static final List<String> SECRETS =
            List.of(ROW, COLUMN, TABLE, "vault", "diary", "k-bob", "archive", "4711");

    private static final String PART = """
        {"notes": {"columns": ["owner", "title", "n", "vec"],
         "where": [{"column": "owner", "operator": "=", "value": "alice"}]}}
        """;

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext server;
    private static String rest;
    private static String admin;
    private static String limitedKey;
    private static String earlyKey;
    private static String token;
    private static String collection;

    /** How a limited caller comes. */
    private enum By {
        KEY,
        TOKEN;

        String credential() {
            return this == KEY ? limitedKey : token;
        }
    }

    /** A request; the body is null for none. */
    private record Ask(String method, String path, String body) {

        static Ask get(String path) {
            return new Ask("GET", path, "");
        }

        static Ask post(String path, String body) {
            return new Ask("POST", path, body);
        }

        boolean names(String secret) {
            return path.contains(secret) || body.contains(secret);
        }
    }

    private record Reply(int status, String text) {
        JsonNode json() {
            return JSON.readTree(text);
        }

        String code() {
            return json().path("code").asString("");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        ApiKeys keys = new ApiKeys(data, InstantSource.system());
        admin = keys.create("admin", Set.of(Scope.ADMIN), null, null).text();
        Rights part = RightsJson.parse(PART, "tables");
        limitedKey = keys.create("limited", Set.of(Scope.READ, Scope.WRITE), null, null, part)
                .text();
        Rights early = RightsJson.parse("{\"notes\": {\"columns\": [\"title\", \"later\"]}}", "tables");
        earlyKey = keys.create("early", Set.of(Scope.READ), null, null, early).text();
        server = SpringApplication.run(
                AkidbApplication.class,
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--akidb.data-dir=" + data,
                "--spring.main.register-shutdown-hook=false");
        rest = "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port");
        make("/api/v1/tables", """
            {"name": "notes", "primary_key": "id", "columns": [{"name": "id", "type": "string"},
             {"name": "owner", "type": "string"}, {"name": "title", "type": "string", "unique": true},
             {"name": "n", "type": "int"}, {"name": "vec", "type": "embedding", "dimensions": 2},
             {"name": "diary", "type": "string"}, {"name": "facts", "type": "json"}]}
            """);
        make("/api/v1/tables", """
            {"name": "vault", "primary_key": "id", "columns": [{"name": "id", "type": "string"},
             {"name": "title", "type": "string"}, {"name": "vec", "type": "embedding", "dimensions": 2}]}
            """);
        make("/api/v1/tables/vault/rows", """
            {"rows": [{"id": "v1", "title": "TABSECRET", "vec": [1, 0]}]}
            """);
        make("/api/v1/tables/notes/indexes/text", "{\"columns\": [\"title\"]}");
        make("/api/v1/tables/notes/indexes/text", "{\"columns\": [\"diary\"]}");
        collection = make("/collections", "{\"name\": \"archive\", \"dimension\": 2}")
                .json()
                .path("id")
                .asString();
        make("/collections/" + collection + "/documents", """
            {"id": "d1", "text": "TABSECRET", "vector": [1, 0], "metadata": {"x": "TABSECRET"}}
            """);
        token = Objects.requireNonNull(make("/api/v1/tokens", """
            {"subject": "alice", "scopes": ["read", "write"], "tables": %s}
            """.replace("%s", PART))
                .json()
                .path("token")
                .asString());
    }

    @BeforeEach
    void fillTheTable() {
        send(admin, new Ask("DELETE", "/api/v1/tables/notes/rows", "{\"where\": []}"));
        make("/api/v1/tables/notes/rows", """
            {"rows": [{"id": "k-alice", "owner": "alice", "title": "mine", "n": 1, "vec": [0, 1], "diary": "COLSECRET",
             "facts": {"x": "COLSECRET"}},
             {"id": "k-bob", "owner": "bob", "title": "ROWSECRET", "n": 4711, "vec": [1, 0], "diary": "COLSECRET",
             "facts": {"x": "COLSECRET"}}]}
            """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Reply make(String path, String body) {
        Reply made = send(admin, Ask.post(path, body));
        assertThat(made.status).as(path + " " + made.text).isIn(200, 201);
        return made;
    }

    private static Reply send(String credential, Ask ask) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(rest + ask.path)).header("Authorization", "Bearer " + credential);
        if (ask.body.isEmpty()) {
            request.method(ask.method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(ask.method, HttpRequest.BodyPublishers.ofString(ask.body));
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What reads, in every way that names what is there, or tries to learn of it. */
    private static List<Ask> questions() {
        List<Ask> asks = new ArrayList<>();
        for (String table : List.of("notes", "vault", "archive", collection)) {
            String path = "/api/v1/tables/" + table;
            for (String body : List.of(
                    "{}",
                    "{\"select\": [\"*\"], \"include_vectors\": true, \"include_meta\": true}",
                    "{\"select\": [\"title\"]}",
                    "{\"select\": [\"diary\"]}",
                    "{\"select\": [\"facts.x\"]}",
                    "{\"select\": [{\"expression\": \"upper(diary)\", \"as\": \"x\"}]}",
                    "{\"select\": [{\"expression\": \"title || n\", \"as\": \"x\"}]}",
                    "{\"where\": [{\"column\": \"diary\", \"operator\": \"like\", \"value\": \"C%\"}]}",
                    "{\"where\": {\"or\": [{\"column\": \"owner\", \"operator\": \"=\", \"value\": \"bob\"},"
                            + " {\"column\": \"owner\", \"operator\": \"!=\", \"value\": \"bob\"}]}}",
                    "{\"where\": {\"not\": {\"column\": \"owner\", \"operator\": \"=\", \"value\": \"alice\"}}}",
                    "{\"where\": {\"text\": \"1 = 1 or owner = 'bob'\"}}",
                    "{\"where\": {\"text\": \"owner = 'bob' or n > 0\"}}",
                    "{\"order_by\": [{\"column\": \"n\", \"direction\": \"desc\"}], \"limit\": 1}",
                    "{\"order_by\": [{\"column\": \"diary\"}]}",
                    "{\"distinct\": true, \"select\": [\"title\", \"n\"]}",
                    "{\"distinct\": true, \"select\": [\"diary\"]}",
                    "{\"group_by\": [\"title\"]}",
                    "{\"group_by\": [\"n\"]}",
                    "{\"group_by\": [\"diary\"]}",
                    "{\"count\": true}",
                    "{\"explain\": true}",
                    "{\"explain\": true, \"similarity\": {\"column\": \"vec\", \"query\": [1, 0]}}",
                    "{\"similarity\": {\"column\": \"vec\", \"query\": [1, 0]}}",
                    "{\"similarity\": {\"column\": \"vec\", \"like\": {\"key\": \"k-bob\"}}}",
                    "{\"similarity\": {\"column\": \"vec\", \"query\": [1, 0]}, \"order_by\": [{\"column\": \"n\"}]}",
                    "{\"nonsense\": true}")) {
                asks.add(Ask.post(path + "/query", body));
            }
            for (String body : List.of(
                    "{\"column\": \"vec\", \"query\": [1, 0]}",
                    "{\"column\": \"vec\", \"query\": [1, 0], \"limit\": 1, \"include_score\": true}",
                    "{\"column\": \"vec\", \"query\": [1, 0], \"explain\": true}",
                    "{\"column\": \"vec\", \"query\": [1, 0], \"select\": [\"diary\"]}",
                    "{\"column\": \"vec\", \"query\": [1, 0], \"select\": [\"title\"], \"include_vectors\": true}",
                    "{\"column\": \"vec\", \"query\": [1, 0], \"mmr\": {}}",
                    "{\"column\": \"vec\", \"query\": [1, 0], \"group\": {\"by\": \"title\"}}",
                    "{\"column\": \"vec\", \"query\": [1, 0], \"group\": {\"by\": \"diary\"}}",
                    "{\"column\": \"vec\", \"query\": [1, 0], \"filter\": [{\"column\": \"n\", \"operator\": \">\","
                            + " \"value\": 1}]}",
                    "{\"column\": \"vec\", \"like\": {\"key\": \"k-bob\"}}",
                    "{\"column\": \"vec\", \"like\": {\"key\": \"k-alice\"}}",
                    "{\"column\": \"nothing\", \"query\": [1, 0]}",
                    "{\"column\": \"vec\", \"query\": \"mine\", \"hybrid\": {\"columns\": [\"title\"]}}")) {
                asks.add(Ask.post(path + "/search/similarity", body));
            }
            asks.add(Ask.get(path));
            asks.add(Ask.get(path + "/rows/k-alice?include_vectors=true&include_meta=true"));
            asks.add(Ask.get(path + "/rows/k-bob"));
            asks.add(Ask.get(path + "/rows/v1"));
            asks.add(Ask.get(path + "/projection"));
            asks.add(Ask.get(path + "/indexes"));
            asks.add(Ask.get(path + "/columns/computed"));
        }
        asks.add(Ask.get("/api/v1/tables"));
        asks.add(Ask.get("/api/v1/caller"));
        for (String sql : List.of(
                "SELECT * FROM notes",
                "SELECT title FROM notes ORDER BY n DESC",
                "SELECT * FROM vault",
                "SELECT count(*) FROM notes",
                "SELECT a.title FROM notes a JOIN vault b ON 1 = 1")) {
            asks.add(Ask.post("/sql", "{\"query\": \"" + sql + "\"}"));
        }
        for (String prefix : List.of("", "/api/v1")) {
            asks.add(Ask.get(prefix + "/collections"));
            asks.add(Ask.get(prefix + "/collections/" + collection));
            asks.add(Ask.get(prefix + "/collections/" + collection + "/documents"));
            asks.add(Ask.get(prefix + "/collections/" + collection + "/documents/d1"));
            asks.add(Ask.post(prefix + "/collections/" + collection + "/search", "{\"query_vector\": [1, 0]}"));
            asks.add(Ask.post(prefix + "/collections/" + collection + "/documents/query", "{}"));
        }
        for (String subscriptions : List.of(
                "[{\"table\": \"notes\"}]",
                "[{\"table\": \"notes\", \"columns\": [\"title\", \"vec\"], \"vectors\": \"float32\"}]",
                "[{\"table\": \"notes\", \"columns\": [\"diary\"]}]",
                "[{\"table\": \"notes\", \"where\": [{\"column\": \"n\", \"operator\": \">\", \"value\": 0}]}]",
                "[{\"table\": \"notes\", \"where\": [{\"column\": \"diary\", \"operator\": \"=\", \"value\": \"x\"}]}]",
                "[{\"table\": \"vault\"}]",
                "[{\"table\": \"archive\"}]")) {
            for (String prefix : List.of("/api/v1/sync", "/api/replicache")) {
                asks.add(Ask.post(
                        prefix + "/pull",
                        "{\"pullVersion\": 1, \"clientGroupID\": \"walk\", \"cookie\": null, \"subscriptions\": "
                                + subscriptions + "}"));
            }
        }
        return asks;
    }

    /** What changes something. */
    private static List<Ask> changes() {
        List<Ask> asks = new ArrayList<>();
        for (String table : List.of("notes", "vault", "archive")) {
            String rows = "/api/v1/tables/" + table + "/rows";
            for (String onConflict : List.of("error", "ignore", "replace")) {
                asks.add(Ask.post(
                        rows,
                        "{\"rows\": [{\"id\": \"k-bob\", \"owner\": \"alice\"}], \"on_conflict\": \"" + onConflict
                                + "\"}"));
                asks.add(Ask.post(rows, "{\"rows\": [{\"id\": \"k-new\"}], \"on_conflict\": \"" + onConflict + "\"}"));
            }
            asks.add(Ask.post(
                    rows, "{\"rows\": [{\"id\": \"k-new\", \"owner\": \"alice\", \"title\": \"" + ROW + "\"}]}"));
            asks.add(Ask.post(rows, "{\"rows\": [{\"id\": \"k-x\", \"owner\": \"alice\", \"diary\": \"x\"}]}"));
            asks.add(new Ask("PATCH", rows, "{\"where\": [], \"values\": {\"n\": 7}}"));
            asks.add(new Ask("PATCH", rows, "{\"where\": [], \"values\": {\"diary\": \"x\"}}"));
            asks.add(new Ask("PATCH", rows, "{\"rows\": [{\"id\": \"k-bob\", \"n\": 7}]}"));
            asks.add(new Ask("PATCH", rows + "/k-bob", "{\"values\": {\"n\": 7}}"));
            asks.add(new Ask("PATCH", rows + "/k-alice", "{\"values\": {\"owner\": \"bob\"}}"));
            asks.add(new Ask("PATCH", rows + "/k-alice", "{\"values\": {\"title\": \"" + ROW + "\"}}"));
            asks.add(new Ask("DELETE", rows + "/k-bob", ""));
            asks.add(new Ask("DELETE", rows, "{\"where\": [{\"column\": \"n\", \"operator\": \">\", \"value\": 1}]}"));
            for (String args : List.of(
                    "\"insert\", \"args\": {\"table\": \"" + table + "\", \"rows\": [{\"id\": \"k-bob\"}]}",
                    "\"insert\", \"args\": {\"table\": \"" + table
                            + "\", \"rows\": [{\"id\": \"k-bob\", \"owner\": \"alice\"}], \"onConflict\": \"replace\"}",
                    "\"update\", \"args\": {\"table\": \"" + table
                            + "\", \"key\": \"k-bob\", \"values\": {\"n\": 7}, \"ifVersion\": 1}",
                    "\"update\", \"args\": {\"table\": \"" + table
                            + "\", \"key\": \"k-alice\", \"values\": {\"owner\": \"bob\"}}",
                    "\"delete\", \"args\": {\"table\": \"" + table + "\", \"key\": \"k-bob\"}")) {
                asks.add(Ask.post(
                        "/api/v1/sync/push",
                        "{\"pushVersion\": 1, \"clientGroupID\": \"push\", \"mutations\": [{\"clientID\": \"c"
                                + args.hashCode() + "\", \"id\": 1, \"timestamp\": 0, \"name\": " + args + "}]}"));
            }
        }
        return asks;
    }

    /** Every operation of the description and every route, with what stands for its variables, and with an empty body. */
    private static List<Ask> everywhere() {
        Set<String> routes = new TreeSet<>(server.getBean(RouteTable.class).routes());
        JSON.readTree(send(admin, Ask.get("/v3/api-docs")).text)
                .path("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, _) -> {
                    if (!method.equals("parameters")) {
                        routes.add(method.toUpperCase(Locale.ROOT) + " " + path);
                    }
                }));
        assertThat(routes).hasSizeGreaterThan(100);
        List<Ask> asks = new ArrayList<>();
        for (String route : routes) {
            String method = route.substring(0, route.indexOf(' '));
            for (String table : List.of("notes", "vault")) {
                String path = route.substring(route.indexOf(' ') + 1)
                        .replace("{table}", table)
                        .replace("{key}", "k-alice")
                        .replace("{column}", "vec")
                        .replace("{index}", "notes_title_text")
                        .replace("{collection}", collection)
                        .replace("{document}", "d1")
                        .replaceAll("\\{\\*?[^}]*}", "any");
                if (!path.endsWith("/sync/socket") && !path.endsWith("/sync/events")) {
                    asks.add(new Ask(method, path, method.equals("GET") ? "" : "{}"));
                    asks.add(new Ask(method, path, ""));
                }
            }
        }
        return asks;
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void noAnswerHoldsWhatTheCallerMayNotSee(By by) {
        int answered = 0;
        for (Ask ask : Stream.of(questions(), changes(), questions(), everywhere())
                .flatMap(List::stream)
                .toList()) {
            Reply reply = send(by.credential(), ask);
            assertThat(reply.status).as(ask + " " + reply.text).isLessThan(500);
            for (String secret : SECRETS) {
                if (!ask.names(secret)) {
                    assertThat(reply.text).as(ask.toString()).doesNotContain(secret);
                }
            }
            answered += reply.status < 300 ? 1 : 0;
        }
        assertThat(answered).isGreaterThan(30);
        assertThat(send(admin, Ask.get("/api/v1/tables/notes/rows/k-bob")).text)
                .contains(ROW)
                .contains("4711")
                .contains(COLUMN);
        assertThat(send(admin, Ask.get("/api/v1/tables/vault/rows/v1")).text).contains(TABLE);
    }

    @Test
    void theSameQuestionsTellTheAdministratorEverything() {
        List<String> answers =
                questions().stream().map(ask -> send(admin, ask).text).toList();
        for (String secret : SECRETS) {
            assertThat(answers.stream()
                            .filter(answer -> answer.contains(secret))
                            .count())
                    .as(secret)
                    .isGreaterThan(5);
        }
    }

    @Test
    void onlyTheseRoutesAreForCallersWhoMaySeeAPart() {
        RouteTable routes = server.getBean(RouteTable.class);
        List<String> open = routes.routes().stream()
                .filter(route -> {
                    String path = route.substring(route.indexOf(' ') + 1);
                    return Objects.requireNonNull(
                                    Objects.requireNonNull(routes.find(path.replaceAll("\\{\\*?([^}]*)}", "$1")))
                                            .route(route.substring(0, route.indexOf(' '))))
                            .has(Endpoint.Extra.LIMITED);
                })
                .toList();
        assertThat(open)
                .containsExactlyInAnyOrder(
                        "GET /api/v1/caller",
                        "POST /api/v1/tokens",
                        "GET /api/v1/tables",
                        "GET /api/v1/tables/{table}",
                        "POST /api/v1/tables/{table}/rows",
                        "PATCH /api/v1/tables/{table}/rows",
                        "DELETE /api/v1/tables/{table}/rows",
                        "GET /api/v1/tables/{table}/rows/{key}",
                        "PATCH /api/v1/tables/{table}/rows/{key}",
                        "DELETE /api/v1/tables/{table}/rows/{key}",
                        "POST /api/v1/tables/{table}/query",
                        "POST /api/v1/tables/{table}/search/similarity",
                        "POST /api/v1/sync/push",
                        "POST /api/v1/sync/pull",
                        "POST /api/replicache/push",
                        "POST /api/replicache/pull",
                        "GET /api/v1/sync/socket",
                        "GET /api/v1/sync/events",
                        "POST /embed",
                        "POST /api/v1/embed",
                        "POST /embeddings/generate",
                        "POST /api/v1/embeddings/generate",
                        "GET /embeddings/models",
                        "GET /api/v1/embeddings/models",
                        "GET /models/{model}/files/{file}",
                        "GET /api/v1/models/{model}/files/{file}",
                        "POST /v1/embeddings",
                        "GET /v1/models",
                        "GET /v1/models/{*model}");
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void seesAndChangesItsOwnRows(By by) {
        String rows = "/api/v1/tables/notes/rows";
        JsonNode found = send(by.credential(), Ask.post("/api/v1/tables/notes/query", "{}"))
                .json();
        assertThat(found.path("rows").toString())
                .isEqualTo("[{\"id\":\"k-alice\",\"owner\":\"alice\",\"title\":\"mine\",\"n\":1}]");
        assertThat(send(by.credential(), Ask.post("/api/v1/tables/notes/query", "{\"count\": true}")).text)
                .isEqualTo("{\"count\":1}");
        JsonNode table = send(by.credential(), Ask.get("/api/v1/tables/notes")).json();
        assertThat(table.path("row_count").asInt()).isEqualTo(1);
        assertThat(table.path("columns").size()).isEqualTo(5);
        assertThat(send(
                                by.credential(),
                                Ask.post(
                                        rows,
                                        "{\"rows\": [{\"id\": \"k2\", \"owner\": \"alice\", \"n\": 2, \"title\":"
                                                + " \"two\"}]}"))
                        .status)
                .isEqualTo(201);
        assertThat(send(by.credential(), new Ask("PATCH", rows + "/k2", "{\"values\": {\"n\": 3}}")).status)
                .isEqualTo(200);
        assertThat(send(by.credential(), new Ask("PATCH", rows, "{\"where\": [], \"values\": {\"n\": 5}}"))
                        .json()
                        .path("updated")
                        .asInt())
                .isEqualTo(2);
        assertThat(send(admin, Ask.get(rows + "/k-alice")).json().path("diary").asString())
                .isEqualTo(COLUMN);
        assertThat(send(by.credential(), new Ask("DELETE", rows, "{\"where\": []}"))
                        .json()
                        .path("deleted")
                        .asInt())
                .isEqualTo(2);
        assertThat(send(admin, Ask.get(rows + "/k-bob")).status).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void neitherGivesRowsAwayNorTakesOthers(By by) {
        String rows = "/api/v1/tables/notes/rows";
        Ask giving = new Ask("PATCH", rows + "/k-alice", "{\"values\": {\"owner\": \"bob\"}}");
        assertThat(send(by.credential(), giving).code()).isEqualTo("FORBIDDEN");
        Ask inserting = Ask.post(rows, "{\"rows\": [{\"id\": \"k3\", \"owner\": \"bob\"}]}");
        assertThat(send(by.credential(), inserting).code()).isEqualTo("FORBIDDEN");
        Ask taking = new Ask("PATCH", rows + "/k-bob", "{\"values\": {\"owner\": \"alice\"}}");
        assertThat(send(by.credential(), taking).code()).isEqualTo("NOT_FOUND");
        assertThat(send(by.credential(), new Ask("DELETE", rows + "/k-bob", "")).code())
                .isEqualTo("NOT_FOUND");
        Ask replacing =
                Ask.post(rows, "{\"rows\": [{\"id\": \"k-bob\", \"owner\": \"alice\"}], \"on_conflict\": \"replace\"}");
        assertThat(send(by.credential(), replacing).code()).isEqualTo("FORBIDDEN");
        assertThat(send(admin, Ask.post("/api/v1/tables/notes/query", "{\"count\": true}")).text)
                .isEqualTo("{\"count\":2}");
    }

    @Test
    void aKeyMakesNoTokenThatMayMoreThanItself() {
        for (String wider : List.of(
                "{\"subject\": \"x\", \"scopes\": [\"admin\"]}",
                "{\"subject\": \"x\", \"tables\": {\"vault\": {}}}",
                "{\"subject\": \"x\", \"tables\": {\"notes\": {\"columns\": [\"diary\"]}}}")) {
            assertThat(send(limitedKey, Ask.post("/api/v1/tokens", wider)).status)
                    .isIn(400, 403);
        }
        assertThat(send(token, Ask.post("/api/v1/tokens", "{\"subject\": \"x\"}")).text)
                .contains("A token cannot make tokens");
        String narrow = send(limitedKey, Ask.post("/api/v1/tokens", "{\"subject\": \"x\"}"))
                .json()
                .path("token")
                .asString();
        assertThat(send(narrow, Ask.post("/api/v1/tables/notes/query", "{}")).text)
                .contains("mine")
                .doesNotContain(ROW);
        assertThat(send(narrow, Ask.get("/api/v1/tables/vault")).status).isEqualTo(404);
        assertThat(send(narrow, new Ask("DELETE", "/api/v1/tables/notes/rows/k-alice", "")).status)
                .isEqualTo(403);
    }

    /** The rows that such a token left would tell the values of the column. */
    @Test
    void aKeyMakesNoTokenWithAConditionOverColumnsThatItMayNotSee() {
        for (String filter : List.of(
                "[{\"column\": \"diary\", \"operator\": \"=\", \"value\": \"x\"}]",
                "[{\"column\": \"facts.a\", \"operator\": \"=\", \"value\": 1}]",
                "[{\"column\": \"nothing\", \"operator\": \"=\", \"value\": 1}]")) {
            String body = "{\"subject\": \"x\", \"tables\": {\"notes\": {\"where\": " + filter + "}}}";
            Reply reply = send(limitedKey, Ask.post("/api/v1/tokens", body));
            assertThat(reply.status).as(reply.text).isEqualTo(400);
            assertThat(reply.json().path("field").asString()).isEqualTo("tables.notes.where");
            assertThat(reply.text).contains("it has id, owner, title, n, vec").doesNotContain("facts,");
        }
        String visible =
                "{\"subject\": \"x\", \"tables\": {\"notes\": {\"where\": [{\"column\": \"n\", \"operator\": \"=\","
                        + " \"value\": 1}]}}}";
        assertThat(send(limitedKey, Ask.post("/api/v1/tokens", visible)).status).isEqualTo(201);
    }

    /** What a key names may have been dropped, or not be there yet. */
    @Test
    void aKeyForAColumnThatIsNotThereMakesTokensAndHearsOfNoOthers() {
        String given = "{\"subject\": \"x\", \"tables\": {\"notes\": {\"columns\": [\"later\"]}}}";
        Reply refused = send(earlyKey, Ask.post("/api/v1/tokens", given));
        assertThat(refused.status).isEqualTo(400);
        assertThat(refused.text).contains("it has id, title").doesNotContain("owner");
        assertThat(send(earlyKey, Ask.post("/api/v1/tokens", "{\"subject\": \"x\"}")).status)
                .isEqualTo(201);
    }

    @Test
    void refusesTokensThatFitNoTable() {
        for (String[] wrong : new String[][] {
            {"{\"tables\": {}}", "subject"},
            {"{\"subject\": \"a b\"}", "subject"},
            {"{\"subject\": \"x\", \"expires_in\": 0}", "expires_in"},
            {"{\"subject\": \"x\", \"expires_in\": 90000}", "expires_in"},
            {"{\"subject\": \"x\", \"scopes\": []}", "scopes"},
            {"{\"subject\": \"x\", \"tables\": null}", "tables"},
            {"{\"subject\": \"x\", \"tables\": {\"notes\": {\"where\": null}}}", "tables.notes.where"},
            {"{\"subject\": \"x\", \"tables\": {\"notes\": {\"columns\": null}}}", "tables.notes.columns"},
            {"{\"subject\": \"x\", \"tables\": {\"nowhere\": {}}}", "tables.nowhere"},
            {"{\"subject\": \"x\", \"tables\": {\"notes\": {\"columns\": [\"nothing\"]}}}", "tables.notes.columns"},
            {"{\"subject\": \"x\", \"tables\": {\"notes\": {\"rows\": 1}}}", "tables.notes"},
            {
                "{\"subject\": \"x\", \"tables\": {\"notes\": {\"where\": [{\"column\": \"nothing\", \"operator\":"
                        + " \"=\", \"value\": 1}]}}}",
                "tables.notes.where"
            }
        }) {
            Reply reply = send(admin, Ask.post("/api/v1/tokens", wrong[0]));
            assertThat(reply.status).as(wrong[0] + reply.text).isIn(400, 404);
            assertThat(reply.json().path("field").asString()).as(reply.text).isEqualTo(wrong[1]);
        }
    }
}
