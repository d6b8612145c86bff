package com.akidb.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.backup.Shelf;
import com.akidb.http.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What administrators are told of the data of a running server. */
class VerifyRoutesTest {

    private static final String PATH = "/api/v1/verify";

    @TempDir
    private Path data;

    private TestServer server;

    @BeforeEach
    void start() {
        Shelf.fill(data, "one", "two");
        server = new TestServer("akidb.data-dir=" + data);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode verified() {
        TestServer.Reply begun = server.post(PATH, "");
        assertThat(begun.status()).isEqualTo(202);
        assertThat(begun.header("Location")).isEqualTo(PATH);
        assertThat(begun.json().path("state").asString()).isEqualTo("running");
        Awaitility.await()
                .until(() -> !server.get(PATH).json().path("state").asString("").equals("running"));
        return server.get(PATH).json();
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        JsonNode verified = verified();
        assertThat(verified.path("state").asString()).isEqualTo("complete");
        assertThat(verified.path("problems").toString()).isEqualTo("[]");
        assertThat(verified.path("ended_at").asString()).isNotEmpty();
        assertThat(verified.has("step")).isFalse();
    }

    @Test
    void saysWhatIsWrongWithWhichFile() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("akidb.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE akidb_tables SET row_count = 5");
        }
        Files.createDirectories(data.resolve("indexes"));
        Files.writeString(data.resolve("indexes/some.snapshot"), "no snapshot");
        assertThat(verified().path("problems").valueStream())
                .anySatisfy(problem -> {
                    assertThat(problem.path("file").asString()).endsWith("akidb.db");
                    assertThat(problem.path("what").asString()).contains("the catalogue says 5");
                    assertThat(problem.path("harmless").asBoolean()).isFalse();
                })
                .anySatisfy(problem -> {
                    assertThat(problem.path("file").asString()).endsWith("some.snapshot");
                    assertThat(problem.path("harmless").asBoolean()).isTrue();
                });
    }

    @Test
    void knowsOfNoneBeforeOneIsAskedFor() {
        assertThat(server.get(PATH).status()).isEqualTo(404);
    }
}
