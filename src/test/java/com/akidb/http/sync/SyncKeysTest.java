package com.akidb.http.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import com.akidb.security.ApiKeys;
import com.akidb.security.Scope;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Client groups of several callers. */
class SyncKeysTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static String ada = "";
    private static String bob = "";
    private static String reader = "";

    @BeforeAll
    static void start() {
        ApiKeys keys = new ApiKeys(data, InstantSource.system());
        ada = keys.create("ada", Set.of(Scope.ADMIN), null, null).text();
        bob = keys.create("bob", Set.of(Scope.READ, Scope.WRITE), null, null).text();
        reader = keys.create("reader", Set.of(Scope.READ), null, null).text();
        server = new TestServer("akidb.data-dir=" + data);
        post("Bearer " + ada, "/api/v1/tables", """
            {"name": "t", "primary_key": "id", "columns": [{"name": "id", "type": "string"}]}
            """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestServer.Reply post(String key, String path, String body) {
        return server.send(server.to(path)
                .header("Content-Type", "application/json")
                .header("Authorization", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static SyncClient withARow(String id) {
        SyncClient client = new SyncClient("[{\"table\": \"t\"}]");
        client.mutate("insert", "{\"table\": \"t\", \"rows\": [{\"id\": \"" + id + "\"}]}");
        return client;
    }

    @Test
    void letsNobodyPushOrPullForTheGroupOfAnother() {
        SyncClient client = withARow("a");
        String push = client.push();
        assertThat(post("Bearer " + ada, "/api/v1/sync/push", push).status()).isEqualTo(200);
        TestServer.Reply forged = post("Bearer " + bob, "/api/v1/sync/push", push);
        assertThat(forged.status()).isEqualTo(403);
        assertThat(forged.json().path("field").asString()).isEqualTo("clientGroupID");
        assertThat(post("Bearer " + bob, "/api/v1/sync/pull", client.pull()).status())
                .isEqualTo(403);
        assertThat(post("Bearer " + ada, "/api/v1/sync/pull", client.pull()).status())
                .isEqualTo(200);
    }

    @Test
    void doesNotLetAClientOfAnotherGroupBeUsedUp() {
        SyncClient client = withARow("b");
        SyncClient thief = withARow("c");
        ObjectNode stolen = thief.outbox.getFirst();
        stolen.put("clientID", client.client);
        assertThat(post("Bearer " + bob, "/api/v1/sync/push", thief.push()).status())
                .isEqualTo(200);
        assertThat(post("Bearer " + ada, "/api/v1/sync/push", client.push()).status())
                .isEqualTo(200);
        assertThat(server.send(server.to("/api/v1/tables/t/rows/b").header("Authorization", "Bearer " + ada))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void tellsWhoBringsTheCookieOfAnotherNoMoreThanTheyMaySee() {
        SyncClient client = withARow("d");
        post("Bearer " + ada, "/api/v1/sync/push", client.push());
        JsonNode pulled =
                post("Bearer " + ada, "/api/v1/sync/pull", client.pull()).json();
        SyncClient other = new SyncClient("[{\"table\": \"t\"}]");
        other.cookie(pulled.path("cookie"));
        JsonNode answer =
                post("Bearer " + bob, "/api/v1/sync/pull", other.pull()).json();
        assertThat(answer.path("patch")).isEmpty();
        assertThat(answer.path("lastMutationIDChanges")).isEmpty();
    }

    @Test
    void asksForTheScopesOfReadingAndWriting() {
        SyncClient client = withARow("e");
        assertThat(post("Bearer " + reader, "/api/v1/sync/push", client.push()).status())
                .isEqualTo(403);
        assertThat(post("Bearer " + reader, "/api/v1/sync/pull", client.pull()).status())
                .isEqualTo(200);
        assertThat(post("Bearer wrong", "/api/v1/sync/pull", client.pull()).status())
                .isEqualTo(401);
        assertThat(server.send(server.to("/api/v1/sync/socket")).status()).isEqualTo(401);
    }
}
