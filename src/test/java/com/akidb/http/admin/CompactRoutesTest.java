package com.akidb.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The database of a running server gives back what it does not use. */
class CompactRoutesTest {

    private static final String PATH = "/api/v1/compact";

    private static JsonNode compacted(TestServer server) {
        TestServer.Reply begun = server.post(PATH, "");
        assertThat(begun.status()).isEqualTo(202);
        assertThat(begun.header("Location")).isEqualTo(PATH);
        assertThat(begun.json().path("state").asString()).isEqualTo("running");
        Awaitility.await()
                .until(() -> !server.get(PATH).json().path("state").asString("").equals("running"));
        return server.get(PATH).json();
    }

    @Test
    void givesBackAllThatHoldsNothingAlsoWhatIsKeptForTheNextWrites() {
        try (TestServer server = new TestServer()) {
            assertThat(server.get(PATH).status()).isEqualTo(404);
            String table = "/api/v1/tables/notes";
            server.post("/api/v1/tables", """
                {"name": "notes", "columns": [{"name": "text", "type": "string"}]}\
                """);
            String text = "a line of some length, again and again ".repeat(10_000);
            for (int i = 0; i < 20; i++) {
                assertThat(server.post(table + "/rows", "{\"rows\": [{\"text\": \"" + text + "\"}]}")
                                .status())
                        .isEqualTo(201);
            }
            assertThat(server.delete(table).status()).isEqualTo(204);

            JsonNode compacted = compacted(server);
            assertThat(compacted.path("state").asString()).isEqualTo("complete");
            assertThat(compacted.path("free_bytes").asLong()).isZero();
            assertThat(compacted.path("bytes").asLong())
                    .isLessThan(compacted.path("bytes_before").asLong())
                    .isLessThan(1 << 20);
            assertThat(compacted.path("ended_at").asString()).isNotEmpty();
        }
    }
}
