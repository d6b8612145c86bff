package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a running server says of how often its tables are asked for, and of how it answers SQL. */
class TrafficRoutesTest {

    @Test
    void listsTheTablesThatWereAskedFor() {
        try (TestServer server = new TestServer()) {
            for (String name : new String[] {"asked", "quiet"}) {
                server.post(
                        "/api/v1/tables",
                        "{\"name\": \"" + name + "\", \"columns\": [{\"name\": \"n\", \"type\": \"int\"}]}");
            }
            server.post("/api/v1/tables/asked/query", "{}");
            server.post("/api/v1/tables/nowhere/query", "{}");

            JsonNode traffic = server.get("/api/v1/traffic").json();

            assertThat(traffic.path("minutes").asInt()).isEqualTo(60);
            assertThat(traffic.path("tables")).hasSize(1);
            JsonNode asked = traffic.path("tables").path(0);
            assertThat(asked.path("name").asString()).isEqualTo("asked");
            assertThat(asked.path("requests")).hasSize(60);
            // The minute may have ended between the request and the question.
            assertThat(asked.path("requests").path(59).asInt()
                            + asked.path("requests").path(58).asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void answersThePlanOfAQueryInsteadOfItsRows() {
        try (TestServer server = new TestServer()) {
            assertThat(server.post("/sql", "{\"query\": \"select 1\", \"explain\": true}")
                            .raw()
                            .body())
                    .isEqualTo("{\"plan\":[\"plan of select 1\"]}");
            assertThat(server.post("/sql", "{\"query\": \"select 1\", \"explain\": 1}")
                            .code())
                    .isEqualTo("WRONG_TYPE");
        }
    }
}
