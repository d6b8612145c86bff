package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Conditions and orders on the commits that wrote rows: {@code version} and {@code changed_at}. */
class RowCommitsTest {

    private static final String NOTES = "/api/v1/tables/notes";
    private static TestServer server;
    private long first;
    private long second;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void create() {
        server.delete(NOTES);
        server.post("/api/v1/tables", """
            {"name": "notes", "primary_key": "id", "columns": [{"name": "id", "type": "string"},
              {"name": "note", "type": "string"}, {"name": "v", "type": "embedding", "dimensions": 2}]}
            """);
        first = write("POST", """
            {"rows": [{"id": "a", "note": "ford", "v": [1, 0]}, {"id": "b", "note": "ford", "v": [0.9, 0.1]}, {"id": "c", "note": "ford"}]}
            """);
        second = write(
                "PATCH", "{\"rows\": [{\"id\": \"a\", \"note\": \"ford here\"}, {\"id\": \"c\", \"v\": [0.8, 0.2]}]}");
    }

    private static long write(String method, String body) {
        TestServer.Reply reply =
                method.equals("POST") ? server.post(NOTES + "/rows", body) : server.patch(NOTES + "/rows", body);
        return reply.json().path("version").asLong();
    }

    private String since(String more) {
        return String.format(
                Locale.ROOT, "[{\"column\": \"version\", \"operator\": \">\", \"value\": %d}]%s", first, more);
    }

    private static List<String> ids(TestServer.Reply reply) {
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        JsonNode rows = reply.json().has("rows")
                ? reply.json().path("rows")
                : reply.json().path("results");
        rows.forEach(row ->
                ids.add((row.has("data") ? row.path("data") : row).path("id").asString()));
        return ids;
    }

    private static TestServer.Reply query(String where, String more) {
        return server.post(NOTES + "/query", "{\"select\": [\"id\"], \"where\": " + where + more + "}");
    }

    @Test
    void everyRouteThatFiltersAnswersWhatChangedSinceACommit() {
        assertThat(ids(query(since(""), ""))).containsExactly("a", "c");
        assertThat(ids(query(
                        "{\"text\": \"version = ? and not version < ?\", \"params\": [" + second + ", " + second + "]}",
                        "")))
                .containsExactly("a", "c");
        assertThat(query(since(""), ", \"count\": true").status()).isEqualTo(400);
        assertThat(server.post(NOTES + "/query", "{\"count\": true, \"where\": " + since("") + "}")
                        .json()
                        .path("count")
                        .asInt())
                .isEqualTo(2);
        String search = "{\"column\": \"v\", \"query\": [1, 0], \"filters\": ";
        assertThat(ids(server.post(NOTES + "/search/similarity", search + since("}"))))
                .containsExactly("a", "c");
        write("PATCH", "{\"rows\": [{\"id\": \"b\", \"v\": [1, 0]}]}");
        assertThat(ids(server.post(NOTES + "/search/similarity", search + since("}"))))
                .containsExactly("a", "b", "c");
        TestServer.Reply updated = server.patch(
                NOTES + "/rows",
                "{\"values\": {\"note\": \"x\"}, \"where\": [{\"column\": \"version\", \"operator\": \"=\", \"value\": "
                        + second + "}]}");
        assertThat(updated.json().path("updated").asInt()).isEqualTo(2);
        TestServer.Reply deleted = server.delete(
                NOTES + "/rows",
                "{\"where\": [{\"column\": \"version\", \"operator\": \"<\", \"value\": "
                        + updated.json().path("version").asLong() + "}]}");
        assertThat(deleted.json().path("deleted").asInt()).isEqualTo(1);
    }

    @Test
    void comparesTheTimesOfCommits() {
        String changed = server.get(NOTES + "/rows/a?include_meta=true")
                .json()
                .path("changed_at")
                .asString();
        assertThat(ids(query(
                        "[{\"column\": \"changed_at\", \"operator\": \"=\", \"value\": \"" + changed + "\"}]", "")))
                .contains("a", "c");
        assertThat(ids(query("{\"text\": \"changed_at > '2999-01-01T00:00:00Z' or changed_at is null\"}", "")))
                .isEmpty();
        TestServer.Reply refused = query("[{\"column\": \"changed_at\", \"operator\": \">\", \"value\": 5}]", "");
        assertThat(refused.code()).isEqualTo("WRONG_TYPE");
        assertThat(refused.json().path("detail").asString()).contains("column 'changed_at' is of type timestamp");
        assertThat(query("[{\"column\": \"version\", \"operator\": \"like\", \"value\": \"1%\"}]", "")
                        .code())
                .isEqualTo("WRONG_TYPE");
    }

    @Test
    void ordersByCommitsPageByPage() {
        String order = ", \"order_by\": [{\"column\": \"version\", \"direction\": \"desc\"}, {\"column\": \"id\"}],"
                + " \"limit\": 2";
        TestServer.Reply page = query("[]", order);
        assertThat(ids(page)).containsExactly("a", "c");
        String cursor = page.json().path("next_cursor").asString();
        assertThat(ids(query("[]", order + ", \"cursor\": \"" + cursor + "\""))).containsExactly("b");
        assertThat(ids(query(
                        "[]",
                        ", \"order_by\": [{\"column\": \"changed_at\"}, {\"column\": \"version\"},"
                                + " {\"column\": \"id\", \"direction\": \"desc\"}]")))
                .containsExactly("b", "c", "a");
        String ranked = ", \"similarity\": {\"column\": \"v\", \"query\": [0, 1]}";
        assertThat(ids(query(
                        "[]",
                        ", \"order_by\": [{\"column\": \"version\"}, {\"column\": \"similarity_score\", \"direction\":"
                                + " \"desc\"}]"
                                + ranked)))
                .containsExactly("b", "c", "a");
        assertThat(ids(query(
                        "[]",
                        ", \"order_by\": [{\"column\": \"similarity_score\"}, {\"column\": \"changed_at\"}]" + ranked)))
                .containsExactly("a", "b", "c");
    }

    @Test
    void showsThemByTheirFlagAndNotAsColumns() {
        TestServer.Reply refused = server.post(NOTES + "/query", "{\"select\": [\"version\"]}");
        assertThat(refused.code()).isEqualTo("UNKNOWN_COLUMN");
    }
}
