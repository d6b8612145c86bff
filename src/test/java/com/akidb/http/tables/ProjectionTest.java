package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Maps of vectors over HTTP. */
class ProjectionTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        server.post(
                "/api/v1/tables",
                "{\"name\": \"plots\", \"primary_key\": \"id\", \"columns\": [{\"name\": \"id\", \"type\": \"int\"},"
                        + " {\"name\": \"kind\", \"type\": \"string\"}, {\"name\": \"facts\", \"type\": \"json\"},"
                        + " {\"name\": \"v\", \"type\": \"embedding\", \"dimensions\": 3}]}");
        StringBuilder rows = new StringBuilder("{\"rows\": [{\"id\": 1000}");
        for (int i = 0; i < 100; i++) {
            rows.append(", {\"id\": " + i + ", \"kind\": \"k" + i % 2 + "\", \"v\": [" + i % 2 * 10 + ", 1, " + i % 10
                    + "]}");
        }
        server.post("/api/v1/tables/plots/rows", rows.append("]}").toString());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode map(String query) {
        TestServer.Reply reply = server.get("/api/v1/tables/plots/projection" + query);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void putsRowsWithAVectorWhereTheyDifferMost() {
        JsonNode map = map("?by=kind");

        assertThat(map.path("column").asString()).isEqualTo("v");
        assertThat(map.path("rows").asInt()).isEqualTo(101);
        assertThat(map.path("points")).hasSize(100);
        map.path("points")
                .forEach(point -> assertThat(point.path("x").asDouble() > 0)
                        .isEqualTo(point.path("by").asString().equals("k1")));
        assertThat(map.at("/plane/explained/0").asDouble()).isGreaterThan(0.5);
        assertThat(map.at("/plane/first")).hasSize(3);
    }

    @Test
    void takesASampleFromAllOverTheTable() {
        JsonNode points = map("?limit=20").path("points");

        assertThat(points.size()).isBetween(10, 20);
        assertThat(points.get(points.size() - 1).path("key").asInt()).isGreaterThan(80);
    }

    @Test
    void seesWhatWasWrittenSince() {
        server.post(
                "/api/v1/tables",
                "{\"name\": \"later\", \"columns\": [{\"name\": \"v\", \"type\": \"embedding\", \"dimensions\": 2}]}");
        JsonNode before = server.get("/api/v1/tables/later/projection").json();
        server.post("/api/v1/tables/later/rows", "{\"rows\": [{\"v\": [1, 2]}, {\"v\": [2, 1]}]}");
        JsonNode after = server.get("/api/v1/tables/later/projection").json();

        assertThat(before.path("points")).isEmpty();
        assertThat(before.has("plane")).isFalse();
        assertThat(after.path("points")).hasSize(2);
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(server.get("/api/v1/tables/none/projection").status()).isEqualTo(404);
        for (String wrong :
                new String[] {"column=kind", "column=none", "by=facts", "by=v", "by=none", "limit=0", "limit=10001"}) {
            TestServer.Reply reply = server.get("/api/v1/tables/plots/projection?" + wrong);

            assertThat(reply.status()).as(wrong).isEqualTo(400);
            assertThat(reply.json().path("field").asString()).as(wrong).isEqualTo(wrong.split("=")[0]);
        }
    }
}
