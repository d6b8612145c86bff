package com.akidb.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.backup.Shelf;
import com.akidb.command.TestCommands;
import com.akidb.http.TestServer;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backups as administrators ask for them, by HTTP and by the command. */
class BackupRoutesTest {

    private static final String PATH = "/api/v1/backups";

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() {
        Shelf.fill(data, "one", "two");
        server = new TestServer("akidb.data-dir=" + data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestCommands.Ran command(String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--url";
        all[words.length + 1] = "http://127.0.0.1:" + server.port();
        return TestCommands.run(all);
    }

    @Test
    void beginsABackupAndShowsHowItGoesOn() {
        TestServer.Reply begun = server.post(PATH, "{\"name\": \"first\", \"include_keys\": true}");
        assertThat(begun.status()).isEqualTo(202);
        assertThat(begun.header("Location")).isEqualTo(PATH + "/first");
        assertThat(begun.json().path("state").asString()).isEqualTo("running");

        Awaitility.await()
                .until(() -> server.get(PATH + "/first")
                        .json()
                        .path("state")
                        .asString("")
                        .equals("complete"));
        assertThat(server.get(PATH).json().path("backups").valueStream()).anySatisfy(backup -> {
            assertThat(backup.path("name").asString()).isEqualTo("first");
            assertThat(backup.path("commit").asLong()).isEqualTo(3);
            assertThat(backup.path("bytes").asLong()).isPositive();
            assertThat(backup.path("path").asString())
                    .isEqualTo(data.resolve("backups/first").toString());
        });
        TestServer.Reply again = server.post(PATH, "{\"name\": \"first\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("ALREADY_EXISTS");
        assertThat(again.json().path("field").asString()).isEqualTo("name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"name": "../out"}        | 400 | INVALID_ARGUMENT | name
        {"name": "/etc"}          | 400 | INVALID_ARGUMENT | name
        {"name": ".hidden"}       | 400 | INVALID_ARGUMENT | name
        {"name": ""}              | 400 | INVALID_ARGUMENT | name
        {"name": 5}               | 400 | WRONG_TYPE       | name
        {"include_keys": "yes"}   | 400 | WRONG_TYPE       | include_keys
        {"directory": "/tmp"}     | 400 | UNKNOWN_FIELD    | directory
        []                        | 400 | WRONG_TYPE       |
        """)
    void refusesWhatIsWrongByName(String body, int status, String code, String field) {
        TestServer.Reply reply = server.post(PATH, body);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("field").asString("")).isEqualTo(field == null ? "" : field);
    }

    @Test
    void knowsNoBackupThatIsNotThere() {
        assertThat(server.get(PATH + "/none").status()).isEqualTo(404);
        assertThat(server.get(PATH + "/..%2F..").status()).isEqualTo(404);
    }

    @Test
    void isMadeAndRestoredByTheCommands(@TempDir Path elsewhere) {
        TestCommands.Ran made = command("backup", "nightly");
        assertThat(made.err()).isEmpty();
        assertThat(made.out())
                .startsWith(data.resolve("backups/nightly") + ": commit 3, ")
                .endsWith(" bytes, verified\n");
        assertThat(command("backup", "nightly").err()).isEqualTo("akidb: There is a backup named nightly already\n");
        assertThat(command("backup", "a/b").err()).contains("name must be");

        Path restored = elsewhere.resolve("restored");
        TestCommands.Ran back = TestCommands.run(
                "restore", data.resolve("backups/nightly").toString(), "--data-dir", restored.toString());
        assertThat(back.status()).as(back.err()).isZero();
        assertThat(back.out()).startsWith(restored + ": commit 3 of ").endsWith("without keys\n");
        assertThat(TestCommands.run("verify", "--data-dir", restored.toString()).status())
                .isZero();
        TestCommands.Ran copied =
                TestCommands.run("backup", elsewhere.resolve("copy").toString(), "--data-dir", restored.toString());
        assertThat(copied.out()).startsWith(elsewhere.resolve("copy") + ": commit 3, ");
        assertThat(TestCommands.run("backup", "--data-dir", restored.toString()).err())
                .contains("say which directory");
    }
}
