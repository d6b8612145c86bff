package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searches whose table changes between the reading of the request and the search. */
class SimilarityRoutesTest {

    private static final String NOTES = "/api/v1/tables/notes";
    private static TestServer server;

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
              {"name": "v", "type": "embedding", "dimensions": 2}, {"name": "extra", "type": "int", "default": 7}]}
            """);
        server.post(NOTES + "/rows", "{\"rows\": [{\"id\": \"a\", \"v\": [1, 0]}]}");
    }

    private static TestServer.Reply search(String more) {
        return server.post(NOTES + "/search/similarity", "{\"column\": \"v\", \"query\": [1, 0]" + more + "}");
    }

    @Test
    void showsAllColumnsThatThereAreWhenOneIsDroppedOnTheWay() {
        assertThat(search("").json().path("results").toString()).contains("{\"id\":\"a\",\"extra\":7}");
        server.searches.beforeTheNext(() -> server.delete(NOTES + "/columns/extra"));
        TestServer.Reply found = search("");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.json().path("results").toString()).contains("{\"id\":\"a\"}");
    }

    @Test
    void showsAllColumnsThatThereAreWhenOneIsAddedOnTheWay() {
        server.searches.beforeTheNext(
                () -> server.post(NOTES + "/columns", "{\"name\": \"more\", \"type\": \"int\", \"default\": 1}"));
        assertThat(search("").json().path("results").toString()).contains("{\"id\":\"a\",\"extra\":7,\"more\":1}");
    }

    @Test
    void refusesAColumnThatWasNamedAndIsDroppedOnTheWay() {
        server.searches.beforeTheNext(() -> server.delete(NOTES + "/columns/extra"));
        TestServer.Reply refused = search(", \"select\": [\"id\", \"extra\"]");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("detail").asString())
                .startsWith("select[1]: table 'notes' has no column 'extra'");
    }
}
