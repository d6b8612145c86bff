package com.akidb.http.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import com.akidb.http.sync.ListenTest.Ear;
import com.akidb.security.ApiKeys;
import com.akidb.security.Scope;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Replicas and sockets of callers with tokens that may see some rows. */
class SyncTokensTest {

    private static final String OWN =
            "{\"t\": {\"columns\": [\"owner\", \"n\"], \"where\": [{\"column\": \"owner\", \"operator\": \"=\","
                    + " \"value\": \"alice\"}]}}";

    @TempDir
    private static Path data;

    private static ApiKeys keys;
    private static TestServer server;
    private static String admin = "";
    private String token = "";

    @BeforeAll
    static void start() {
        keys = new ApiKeys(data, InstantSource.system());
        admin = keys.create("admin", Set.of(Scope.ADMIN), null, null).text();
        server = new TestServer("akidb.data-dir=" + data);
        for (String name : new String[] {"t", "vault"}) {
            post(admin, "/api/v1/tables", """
                {"name": "NAME", "primary_key": "id", "columns": [{"name": "id", "type": "string"},
                 {"name": "owner", "type": "string"}, {"name": "n", "type": "int"}, {"name": "diary", "type": "string"}]}
                """.replace("NAME", name));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fill() {
        put("a1", "alice");
        put("b1", "bob");
        token = token(admin, 3_600);
    }

    private static TestServer.Reply post(String key, String path, String body) {
        return server.send(server.to(path)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static void put(String id, String owner) {
        TestServer.Reply put = post(
                admin,
                "/api/v1/tables/t/rows",
                "{\"rows\": [{\"id\": \"" + id + "\", \"owner\": \"" + owner
                        + "\", \"n\": 1, \"diary\": \"SECRET\"}], \"on_conflict\": \"replace\"}");
        assertThat(put.status()).isEqualTo(201);
    }

    private static String token(String key, int seconds) {
        TestServer.Reply made = post(
                key,
                "/api/v1/tokens",
                "{\"subject\": \"alice\", \"scopes\": [\"read\", \"write\"], \"expires_in\": " + seconds
                        + ", \"tables\": " + OWN + "}");
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        return made.json().path("token").asString();
    }

    private JsonNode pull(SyncClient client) {
        JsonNode base = client.cookie();
        TestServer.Reply reply = post(token, "/api/v1/sync/pull", client.pull());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(reply.json().path("patch").toString()).doesNotContain("bob", "b1", "SECRET", "diary");
        client.take(reply.json(), base);
        return reply.json().path("patch");
    }

    @Test
    void aReplicaHoldsWhatTheTokenMaySeeAndHearsNothingOfTheRest() {
        SyncClient client = new SyncClient("[{\"table\": \"t\"}]");
        pull(client);
        assertThat(client.replica.values().toString()).contains("\"id\":\"a1\",\"owner\":\"alice\",\"n\":1");
        assertThat(client.replica.keySet().toString()).doesNotContain("a1");
        int mine = client.replica.size();
        put("a2", "alice");
        put("b2", "bob");
        put("b1", "bob");
        pull(client);
        assertThat(client.replica).hasSize(mine + 1);
        put("a2", "bob");
        JsonNode patch = pull(client);
        assertThat(patch.get(0).path("op").asString()).isEqualTo("del");
        assertThat(client.replica).hasSize(mine);
    }

    @Test
    void aReplicaOutlivesItsTokenIfTheNextOneMayTheSame() {
        SyncClient client = new SyncClient("[{\"table\": \"t\"}]");
        pull(client);
        token = token(admin, 1_800);
        assertThat(pull(client)).isEmpty();
    }

    @Test
    void countsAndRefusesMutationsOfRowsThatTheTokenMayNotHave() {
        SyncClient client = new SyncClient("[{\"table\": \"t\"}]");
        long taking = client.mutate("update", "{\"table\": \"t\", \"key\": \"b1\", \"values\": {\"n\": 5}}");
        long giving = client.mutate("update", "{\"table\": \"t\", \"key\": \"a1\", \"values\": {\"owner\": \"bob\"}}");
        long hidden = client.mutate("update", "{\"table\": \"t\", \"key\": \"a1\", \"values\": {\"diary\": \"x\"}}");
        long closed = client.mutate("insert", "{\"table\": \"vault\", \"rows\": [{\"id\": \"x\"}]}");
        long done = client.mutate("update", "{\"table\": \"t\", \"key\": \"a1\", \"values\": {\"n\": 7}}");
        TestServer.Reply pushed = post(token, "/api/v1/sync/push", client.push());
        assertThat(pushed.status()).isEqualTo(200);
        pull(client);
        assertThat(client.acknowledged()).isEqualTo(done);
        assertThat(client.refused)
                .containsEntry(taking, "NOT_FOUND")
                .containsEntry(giving, "FORBIDDEN")
                .containsEntry(hidden, "UNKNOWN_COLUMN")
                .containsEntry(closed, "NOT_FOUND")
                .doesNotContainKey(done);
        assertThat(client.replica.values().toString()).contains("\"owner\":\"alice\",\"n\":7");
    }

    @Test
    void aBrowsersSocketBringsItsTokenAsASubprotocol() throws Exception {
        try (Ear ear = new Ear(server, token)) {
            assertThat(ear.protocol()).isEqualTo("akidb.v1");
            ear.say("{\"type\": \"subscribe\", \"tables\": [\"vault\"]}");
            assertThat(ear.next().path("code").asString()).isEqualTo("NOT_FOUND");
            ear.say("{\"type\": \"subscribe\", \"tables\": [\"t\"]}");
            assertThat(ear.next().path("type").asString()).isEqualTo("poke");
        }
    }

    @Test
    void aLiveQueryShowsWhatTheTokenMaySeeAndHearsNothingOfTheRest() throws Exception {
        try (Ear ear = new Ear(server, token)) {
            ear.say("{\"type\": \"query\", \"id\": \"v\", \"table\": \"vault\", \"query\": {}}");
            assertThat(ear.next().path("code").asString()).isEqualTo("NOT_FOUND");
            ear.say("{\"type\": \"query\", \"id\": \"d\", \"table\": \"t\", \"query\": {\"select\": [\"diary\"]}}");
            assertThat(ear.next().path("code").asString()).isEqualTo("UNKNOWN_COLUMN");
            ear.say("{\"type\": \"query\", \"id\": \"q\", \"table\": \"t\", \"query\": {}}");
            JsonNode result = ear.next();
            assertThat(result.toString()).contains("a1").doesNotContain("bob", "b1", "SECRET", "diary");
            put("b3", "bob");
            put("b1", "bob");
            put("a3", "alice");
            JsonNode change = ear.next();
            assertThat(change.path("put").size()).isEqualTo(1);
            assertThat(change.path("put").get(0).path("key").asString()).isEqualTo("a3");
            put("a3", "bob");
            assertThat(ear.next().path("del").toString()).isEqualTo("[\"a3\"]");
        }
    }

    @Test
    void aSocketEndsWithItsToken() throws Exception {
        try (Ear ear = new Ear(server, token(admin, 1))) {
            JsonNode end = ear.next();
            assertThat(end.path("type").asString()).isEqualTo("end");
            assertThat(end.path("code").asString()).isEqualTo("UNAUTHENTICATED");
            assertThat(ear.messages.poll(30, TimeUnit.SECONDS)).startsWith("closed");
        }
    }

    @Test
    void socketsEndWhenTheirKeyIsRevoked() throws Exception {
        String parent = keys.create("parent", Set.of(Scope.READ, Scope.WRITE), null, null)
                .text();
        // A running server follows within a second.
        Awaitility.await()
                .until(() -> server.send(server.to("/api/v1/caller").header("Authorization", "Bearer " + parent))
                                .status()
                        == 200);
        try (Ear itself = new Ear(server, parent);
                Ear child = new Ear(server, token(parent, 3_600))) {
            keys.revoke("parent");
            assertThat(itself.next().path("type").asString()).isEqualTo("end");
            assertThat(child.next().path("type").asString()).isEqualTo("end");
        }
    }
}
