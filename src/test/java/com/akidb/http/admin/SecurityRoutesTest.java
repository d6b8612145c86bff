package com.akidb.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import com.akidb.security.ApiKeys;
import com.akidb.security.Scope;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a running server shows of its keys, and of who changed what. */
class SecurityRoutesTest {

    @TempDir
    private static Path data;

    private static String admin;
    private static String reader;
    private static TestServer server;

    @BeforeAll
    static void start() {
        ApiKeys keys = new ApiKeys(data, InstantSource.system());
        admin = keys.create("admin", Set.of(Scope.ADMIN), null, null).text();
        reader = keys.create("reader", Set.of(Scope.READ), Instant.parse("2099-01-01T00:00:00Z"), null)
                .text();
        server = new TestServer("akidb.data-dir=" + data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestServer.Reply get(String path, String key) {
        return server.send(server.to(path).header("Authorization", "Bearer " + key));
    }

    @Test
    void listsKeysWithoutTheKeys() {
        TestServer.Reply reply = get("/api/v1/keys", admin);

        JsonNode listed = reply.json().path("keys");
        assertThat(listed).hasSize(2);
        assertThat(listed.path(1).path("name").asString()).isEqualTo("reader");
        assertThat(listed.path(1).path("scopes").path(0).asString()).isEqualTo("read");
        assertThat(listed.path(1).path("expires_at").asString()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(reply.raw().body())
                .doesNotContain("hash", admin, reader, admin.substring(admin.lastIndexOf('_') + 1));
        assertThat(get("/api/v1/keys", reader).status()).isEqualTo(403);
    }

    @Test
    void showsWhoChangedWhatAndWhoWasRefusedTo() {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{\"name\": \"shelf\"}");
        for (String key : new String[] {reader, admin}) {
            server.send(server.to("/collections")
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + key)
                    .POST(body));
        }

        JsonNode changes = get("/api/v1/audit?limit=1", admin).json();
        assertThat(changes.path("on").asBoolean()).isTrue();
        assertThat(changes.path("entries")).hasSize(1);
        assertThat(changes.path("entries").path(0).path("key").asString()).isEqualTo("admin");
        assertThat(changes.path("entries").path(0).path("target").asString()).isEqualTo("shelf");
        // Nobody waits for the line about a refusal, but it is written ahead of that about the change that came after
        // it.
        assertThat(get("/api/v1/audit?refused=true", admin)
                        .json()
                        .path("entries")
                        .path(0)
                        .path("key")
                        .asString())
                .isEqualTo("reader");
        assertThat(get("/api/v1/audit?limit=0", admin).code()).isEqualTo("OUT_OF_RANGE");
        assertThat(get("/api/v1/audit", reader).status()).isEqualTo(403);
    }
}
