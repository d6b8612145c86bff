package com.akidb.http.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SyncRoutesTest {

    private static final String NOTES = "[{\"table\": \"notes\"}]";

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
    void tables() {
        server.delete("/api/v1/tables/notes");
        server.delete("/api/v1/tables/more");
        create("notes");
    }

    private void create(String name) {
        TestServer.Reply created = server.post(
                "/api/v1/tables", "{\"name\": \"" + name + "\", \"primary_key\": \"id\", \"columns\": [" + """
                    {"name": "id", "type": "string"}, {"name": "text", "type": "string"},
                    {"name": "area", "type": "string", "default": "north"}, {"name": "n", "type": "int"},
                    {"name": "facts", "type": "json"}, {"name": "at", "type": "timestamp"},
                    {"name": "vec", "type": "embedding", "dimensions": 3}]}
                    """);
        assertThat(created.status()).as(created.raw().body()).isEqualTo(201);
    }

    private JsonNode insert(String table, String... rows) {
        TestServer.Reply reply = server.post(
                "/api/v1/tables/" + table + "/rows",
                "{\"rows\": [" + String.join(",", rows) + "], \"on_conflict\": \"replace\"}");
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(201);
        return reply.json();
    }

    private JsonNode push(SyncClient client) {
        TestServer.Reply reply = server.post("/api/v1/sync/push", client.push());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.json();
    }

    private JsonNode pullOnce(SyncClient client) {
        JsonNode base = client.cookie();
        TestServer.Reply reply = server.post("/api/v1/sync/pull", client.pull());
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        assertThat(client.take(reply.json(), base)).isTrue();
        return reply.json();
    }

    private int pull(SyncClient client) {
        int pages = 1;
        while (pullOnce(client).path("more").asBoolean()) {
            pages++;
        }
        return pages;
    }

    private static List<String> keys(SyncClient client) {
        return List.copyOf(client.replica.keySet());
    }

    @Test
    void tellsOfAllRowsFirstAndOfWhatHappenedAfterwards() {
        insert(
                "notes",
                "{\"id\": \"a\", \"text\": \"one\", \"facts\": {\"x\": [1]}, \"at\": \"2026-01-01T00:00:00Z\"}");
        SyncClient client = new SyncClient(NOTES);
        JsonNode first = pullOnce(client);
        assertThat(first.path("patch").path(0).toString()).isEqualTo("{\"op\":\"clear\"}");
        JsonNode row = first.path("patch").path(1);
        assertThat(row.path("key").asString()).isEqualTo("notes/a");
        long version = row.path("value").path("version").asLong();
        assertThat(row.path("value").toString())
                .isEqualTo("{\"id\":\"a\",\"text\":\"one\",\"area\":\"north\",\"n\":null,\"facts\":{\"x\":[1]},"
                        + "\"at\":\"2026-01-01T00:00:00Z\",\"version\":" + version + "}");
        assertThat(row.path("row").asLong()).isEqualTo(1);
        assertThat(first.path("more").asBoolean()).isFalse();

        insert("notes", "{\"id\": \"b\"}");
        server.delete("/api/v1/tables/notes/rows/a");
        JsonNode second = pullOnce(client);
        assertThat(second.path("patch")).hasSize(2);
        assertThat(keys(client)).containsExactly("notes/b");
        assertThat(pullOnce(client).path("patch")).isEmpty();
    }

    @Test
    void writesTheKeysOfTablesWithOddNamesAsBrowsersEncodeThem() {
        create("ö/ a!'()*~+%");
        insert("%C3%B6%2F%20a!'()*~+%25", "{\"id\": \"a/b ü\"}");
        SyncClient client = new SyncClient("[{\"table\": \"ö/ a!'()*~+%\"}]");
        pull(client);
        assertThat(keys(client)).containsExactly("%C3%B6%2F%20a!'()*~%2B%25/a/b ü");
    }

    @Test
    void countsEachMutationOnceHoweverOftenItComes() {
        SyncClient client = new SyncClient(NOTES);
        client.mutate("insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"a\", \"n\": 1}, {\"id\": \"b\"}]}");
        client.mutate("update", "{\"table\": \"notes\", \"key\": \"a\", \"values\": {\"text\": \"x\"}}");
        client.mutate("delete", "{\"table\": \"notes\", \"key\": \"b\"}");
        assertThat(push(client).toString()).isEqualTo("{\"refused\":[]}");
        insert("notes", "{\"id\": \"b\", \"text\": \"later\"}");
        assertThat(push(client).toString()).isEqualTo("{\"refused\":[]}");
        pull(client);
        assertThat(client.acknowledged()).isEqualTo(3);
        assertThat(client.outbox).isEmpty();
        assertThat(client.row("notes/a").path("text").asString()).isEqualTo("x");
        assertThat(client.row("notes/a").path("area").asString()).isEqualTo("north");
        assertThat(client.row("notes/b").path("text").asString()).isEqualTo("later");
    }

    @Test
    void mergesEditsOfDifferentFieldsAndLetsTheLaterWinOverTheSame() {
        insert("notes", "{\"id\": \"a\"}");
        SyncClient one = new SyncClient(NOTES);
        SyncClient other = new SyncClient(NOTES);
        one.mutate("update", "{\"table\": \"notes\", \"key\": \"a\", \"values\": {\"text\": \"x\", \"n\": 1}}");
        other.mutate("update", "{\"table\": \"notes\", \"key\": \"a\", \"values\": {\"area\": \"south\", \"n\": 2}}");
        push(one);
        push(other);
        pull(one);
        pull(other);
        assertThat(one.replica).isEqualTo(other.replica);
        JsonNode row = one.row("notes/a");
        assertThat(row.path("text").asString() + row.path("area").asString() + row.path("n"))
                .isEqualTo("xsouth2");
    }

    @Test
    void countsAndReportsWhatCanNeverSucceedAndDoesTheRest() {
        insert("notes", "{\"id\": \"a\"}");
        SyncClient client = new SyncClient(NOTES);
        String[][] mutations = {
            {"insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"ok\"}]}", ""},
            {"insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"new\"}, {\"id\": \"a\"}]}", "ALREADY_EXISTS"},
            {"insert", "{\"table\": \"nowhere\", \"rows\": [{\"id\": \"b\"}]}", "NOT_FOUND"},
            {"insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"b\", \"n\": \"one\"}]}", "WRONG_TYPE"},
            {"insert", "{\"table\": \"notes\", \"rows\": []}", "INVALID_ARGUMENT"},
            {"insert", "{\"table\": \"notes\", \"rows\": [{}]}", "MISSING_FIELD"},
            {"insert", "{\"table\": \"notes\"}", "MISSING_FIELD"},
            {"insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"b\"}], \"more\": 1}", "UNKNOWN_FIELD"},
            {"insert", "[]", "WRONG_TYPE"},
            {"update", "{\"table\": \"notes\", \"key\": \"none\", \"values\": {\"n\": 1}}", "NOT_FOUND"},
            {"update", "{\"table\": \"notes\", \"key\": \"a\", \"values\": {\"m\": 1}}", "UNKNOWN_COLUMN"},
            {"update", "{\"table\": \"notes\", \"key\": \"a\", \"values\": {\"id\": \"b\"}}", "INVALID_ARGUMENT"},
            {
                "update",
                "{\"table\": \"notes\", \"key\": \"a\", \"values\": {\"n\": 1}, \"ifVersion\": 1}",
                "VERSION_CONFLICT"
            },
            {
                "update",
                "{\"table\": \"notes\", \"key\": \"none\", \"values\": {\"n\": 1}, \"ifVersion\": 1}",
                "NOT_FOUND"
            },
            {"delete", "{\"table\": \"notes\", \"key\": \"none\"}", ""},
            {"delete", "{\"table\": \"notes\", \"key\": \"none\", \"ifVersion\": 1}", ""},
            {"delete", "{\"table\": \"notes\", \"key\": \"a\", \"ifVersion\": 1}", "VERSION_CONFLICT"},
            {"explode", "{}", "INVALID_ARGUMENT"},
            {"insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"last\"}], \"onConflict\": \"ignore\"}", ""}
        };
        List<String> expected = new ArrayList<>();
        for (String[] mutation : mutations) {
            long id = client.mutate(mutation[0], mutation[1]);
            if (!mutation[2].isEmpty()) {
                expected.add(id + " " + mutation[2]);
            }
        }
        List<String> told = refusals(push(client).path("refused"));
        assertThat(told).isEqualTo(expected);
        assertThat(refusals(push(client).path("refused"))).isEqualTo(expected);
        JsonNode pulled = pullOnce(client);
        assertThat(refusals(pulled.path("refused").path(client.client))).isEqualTo(expected);
        assertThat(client.acknowledged()).isEqualTo(mutations.length);
        assertThat(keys(client)).containsExactly("notes/a", "notes/last", "notes/ok");
    }

    private static List<String> refusals(JsonNode refused) {
        List<String> all = new ArrayList<>();
        refused.forEach(each ->
                all.add(each.path("id").asLong() + " " + each.path("code").asString()));
        return all;
    }

    @Test
    void writesOnlyOverTheVersionThatTheClientSaw() {
        insert("notes", "{\"id\": \"a\"}");
        SyncClient client = new SyncClient(NOTES);
        pull(client);
        long version = client.row("notes/a").path("version").asLong();
        client.mutate(
                "update",
                "{\"table\": \"notes\", \"key\": \"a\", \"values\": {\"n\": 1}, \"ifVersion\": " + version + "}");
        client.mutate(
                "update",
                "{\"table\": \"notes\", \"key\": \"a\", \"values\": {\"n\": 2}, \"ifVersion\": " + version + "}");
        assertThat(refusals(push(client).path("refused"))).containsExactly("2 VERSION_CONFLICT");
        pull(client);
        assertThat(client.row("notes/a").path("n").asInt()).isEqualTo(1);
    }

    @Test
    void stopsAtAGapOfIdsAndGoesOnWhenItIsFilled() {
        SyncClient client = new SyncClient(NOTES);
        for (int i = 1; i <= 4; i++) {
            client.mutate("insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"k" + i + "\"}]}");
        }
        List<ObjectNode> all = List.copyOf(client.outbox);
        TestServer.Reply gap =
                server.post("/api/v1/sync/push", client.push(List.of(all.get(0), all.get(1), all.get(3))));
        assertThat(gap.status()).isEqualTo(409);
        assertThat(gap.code()).isEqualTo("MUTATION_OUT_OF_ORDER");
        pull(client);
        assertThat(client.acknowledged()).isEqualTo(2);
        push(client);
        pull(client);
        assertThat(keys(client)).containsExactly("notes/k1", "notes/k2", "notes/k3", "notes/k4");
    }

    @Test
    void saysThatAClientIsNotKnownWhichHasPushedBefore() {
        SyncClient client = new SyncClient(NOTES);
        client.mutate("insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"a\"}]}");
        client.mutate("insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"b\"}]}");
        TestServer.Reply reply = server.post("/api/v1/sync/push", client.push(List.of(client.outbox.get(1))));
        assertThat(reply.raw().body()).isEqualTo("{\"error\":\"ClientStateNotFound\"}");
        assertThat(server.get("/api/v1/tables/notes/rows/b").status()).isEqualTo(404);
    }

    @Test
    void saysThatTheClientsStateIsNotFoundWhenItsCookieIsOfAHistoryThatIsNotHere() {
        SyncClient client = new SyncClient(NOTES);
        client.mutate("insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"a\"}]}");
        push(client);
        pull(client);
        ObjectNode other = (ObjectNode) client.cookie().deepCopy();
        other.put("history", "another");
        client.cookie(other);
        TestServer.Reply reply = server.post("/api/v1/sync/pull", client.pull());
        assertThat(reply.raw().body())
                .isEqualTo("{\"error\":\"ClientStateNotFound\",\"lastMutationIDs\":{\"" + client.client + "\":1}}");
    }

    @Test
    void pullsInPagesAndHoldsIdsBackUntilTheLast() {
        for (int i = 0; i < 25; i++) {
            insert("notes", "{\"id\": \"r" + i + "\", \"n\": " + i + "}");
        }
        create("more");
        insert("more", "{\"id\": \"x\"}", "{\"id\": \"y\"}");
        SyncClient client = new SyncClient("[{\"table\": \"notes\"}, {\"table\": \"more\"}]").limit(10);
        client.mutate("insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"mine\"}]}");
        push(client);
        assertThat(pullOnce(client).path("lastMutationIDChanges")).isEmpty();
        // While it loads, rows behind it change and come, and those before it go.
        insert("notes", "{\"id\": \"r1\", \"text\": \"changed\"}", "{\"id\": \"new\"}");
        server.delete("/api/v1/tables/notes/rows/r2");
        server.delete("/api/v1/tables/notes/rows/r20");
        assertThat(pull(client)).isGreaterThan(1);
        assertThat(client.acknowledged()).isEqualTo(1);
        assertThat(client.replica).hasSize(25 + 2 + 2 - 2);
        assertThat(client.row("notes/r1").path("text").asString()).isEqualTo("changed");

        for (int i = 0; i < 25; i++) {
            insert("notes", "{\"id\": \"r" + i + "\", \"n\": 99}");
        }
        assertThat(pull(client)).isGreaterThan(2);
        assertThat(client.row("notes/r24").path("n").asInt()).isEqualTo(99);
    }

    @Test
    void tellsOfRowsThatSatisfyTheConditionAndThatOthersAreGone() {
        insert(
                "notes",
                "{\"id\": \"a\", \"area\": \"north\", \"n\": 1, \"facts\": {\"tags\": [\"x\"]}}",
                "{\"id\": \"b\", \"area\": \"south\", \"n\": 1}");
        SyncClient client = new SyncClient("""
            [{"table": "notes", "columns": ["n"], "where": [{"column": "area", "operator": "=", "value": "north"},
              {"or": [{"column": "facts.tags", "operator": "contains any", "value": ["x"]},
                      {"column": "at", "operator": ">", "value": "2026-01-01T00:00:00Z"}]},
              {"column": "changed_at", "operator": ">", "value": "2026-01-01T00:00:00Z"},
              {"column": "version", "operator": ">", "value": 0}]}]
            """);
        pull(client);
        assertThat(client.row("notes/a").propertyNames()).containsExactly("id", "n", "version");
        assertThat(keys(client)).containsExactly("notes/a");

        insert("notes", "{\"id\": \"b\", \"area\": \"north\", \"at\": \"2026-03-01T01:00:00+01:00\"}");
        server.patch("/api/v1/tables/notes/rows/a", "{\"values\": {\"facts\": {\"tags\": [\"y\"]}}}");
        pull(client);
        assertThat(keys(client)).containsExactly("notes/b");
    }

    @Test
    void clearsOneTableAloneWhenItsSubscriptionOrItsColumnsChange() {
        create("more");
        insert("notes", "{\"id\": \"a\", \"n\": 1}");
        insert("more", "{\"id\": \"x\"}");
        SyncClient client = new SyncClient("[{\"table\": \"notes\"}, {\"table\": \"more\"}]");
        pull(client);
        TestServer.Reply added =
                server.post("/api/v1/tables/notes/columns", "{\"name\": \"extra\", \"type\": \"int\", \"default\": 7}");
        assertThat(added.status()).as(added.raw().body()).isLessThan(300);
        JsonNode answer = pullOnce(client);
        assertThat(answer.path("patch").path(0).toString()).isEqualTo("{\"op\":\"clear\",\"prefix\":\"notes/\"}");
        assertThat(answer.path("patch")).hasSize(2);
        assertThat(client.row("notes/a").path("extra").asInt()).isEqualTo(7);

        SyncClient fewer = new SyncClient("[{\"table\": \"more\", \"columns\": []}]");
        fewer.cookie(client.cookie());
        fewer.replica.putAll(client.replica);
        JsonNode told = pullOnce(fewer);
        assertThat(told.path("patch").path(0).path("prefix").asString()).isEqualTo("notes/");
        assertThat(told.path("patch").path(1).path("prefix").asString()).isEqualTo("more/");
        assertThat(keys(fewer)).containsExactly("more/x");
        assertThat(fewer.row("more/x").propertyNames()).containsExactly("id", "version");
    }

    @Test
    void clearsAllForAClientThatKnowsNothingElse() {
        create("more");
        insert("notes", "{\"id\": \"a\"}");
        insert("more", "{\"id\": \"x\"}");
        SyncClient client = new SyncClient("[{\"table\": \"notes\"}, {\"table\": \"more\"}]").clearingAll();
        pull(client);
        server.post("/api/v1/tables/more/columns", "{\"name\": \"extra\", \"type\": \"int\"}");
        JsonNode answer = pullOnce(client);
        assertThat(answer.path("patch").path(0).toString()).isEqualTo("{\"op\":\"clear\"}");
        assertThat(keys(client)).containsExactly("more/x", "notes/a");
    }

    @Test
    void sendsVectorsAsBytesOrAsFloats() {
        insert("notes", "{\"id\": \"a\", \"vec\": [1, -0.5, 0.004]}", "{\"id\": \"b\"}");
        SyncClient bytes = new SyncClient("[{\"table\": \"notes\", \"columns\": [\"vec\"]}]");
        SyncClient floats =
                new SyncClient("[{\"table\": \"notes\", \"columns\": [\"vec\"], \"vectors\": \"float32\"}]");
        pull(bytes);
        pull(floats);
        ByteBuffer coded = decode(bytes.row("notes/a").path("vec"));
        assertThat(coded.remaining()).isEqualTo(7);
        assertThat(coded.getFloat()).isEqualTo((float) (1 / 127.0));
        assertThat(new byte[] {coded.get(), coded.get(), coded.get()}).containsExactly(127, -64, 1);
        ByteBuffer whole = decode(floats.row("notes/a").path("vec"));
        assertThat(new float[] {whole.getFloat(), whole.getFloat(), whole.getFloat()})
                .containsExactly(1, -0.5f, 0.004f);
        assertThat(bytes.row("notes/b").path("vec").isNull()).isTrue();
    }

    private static ByteBuffer decode(JsonNode base64) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(base64.asString())).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void takesSubscriptionsFromTheAddressAsWell() {
        insert("notes", "{\"id\": \"a\"}");
        TestServer.Reply reply = server.post(
                "/api/replicache/pull?subscriptions=%5B%7B%22table%22%3A%22notes%22%7D%5D",
                "{\"pullVersion\": 1, \"clientGroupID\": \"g\", \"profileID\": \"p\", \"schemaVersion\": \"1\","
                        + " \"cookie\": null}");
        assertThat(reply.json().path("patch")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2"})
    void saysThatAnotherVersionIsNotSupported(String version) {
        assertThat(server.post(
                                "/api/v1/sync/push",
                                "{\"pushVersion\": " + version + ", \"clientID\": \"c\","
                                        + " \"profileID\": \"p\", \"schemaVersion\": \"\", \"mutations\": [{\"id\": 1,"
                                        + " \"name\": \"x\", \"args\": {}, \"timestamp\": 1}]}")
                        .raw()
                        .body())
                .isEqualTo("{\"error\":\"VersionNotSupported\",\"versionType\":\"push\"}");
        assertThat(server.post(
                                "/api/v1/sync/pull",
                                "{\"pullVersion\": " + version + ", \"clientID\": \"c\","
                                        + " \"cookie\": null, \"lastMutationID\": 0, \"profileID\": \"p\"}")
                        .raw()
                        .body())
                .isEqualTo("{\"error\":\"VersionNotSupported\",\"versionType\":\"pull\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"pullVersion": 1, "clientGroupID": "g"}                                        | 400 | MISSING_FIELD    | subscriptions
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": []}                   | 400 | INVALID_ARGUMENT | subscriptions
        {"pullVersion": 1, "clientGroupID": "", "subscriptions": [{"table": "notes"}]}  | 400 | INVALID_ARGUMENT | clientGroupID
        {"pullVersion": 1, "subscriptions": [{"table": "notes"}]}                       | 400 | MISSING_FIELD    | clientGroupID
        {"clientGroupID": "g", "subscriptions": [{"table": "notes"}]}                   | 400 | MISSING_FIELD    | pullVersion
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": [{"table": "none"}]}  | 404 | NOT_FOUND        | subscriptions[0].table
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": [{}]}                 | 400 | MISSING_FIELD    | subscriptions[0].table
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": [{"table": "notes", "columns": ["nn"]}]} | 400 | UNKNOWN_COLUMN | subscriptions[0].columns[0]
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": [{"table": "notes", "vectors": "int4"}]} | 400 | INVALID_ARGUMENT | subscriptions[0].vectors
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": [{"table": "notes", "where": [{"column": "vec", "operator": "=", "value": 1}]}]} | 400 | WRONG_TYPE | subscriptions[0].where[0].column
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": [{"table": "notes"}, {"table": "notes"}]} | 400 | INVALID_ARGUMENT | subscriptions[1].table
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": [{"table": "notes"}], "limit": 10001}    | 400 | OUT_OF_RANGE | limit
        {"pullVersion": 1, "clientGroupID": "g", "subscriptions": [{"table": "notes"}], "extra": 1}        | 400 | UNKNOWN_FIELD | extra
        """)
    void refusesPullsThatAreWrong(String body, int status, String code, String field) {
        TestServer.Reply reply = server.post("/api/v1/sync/pull", body);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("field").asString()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "\"x\"",
                "[]",
                "{}",
                "{\"order\": 5}",
                "{\"order\": 1e300, \"version\": 1, \"told\": 1, \"history\": \"h\", \"tables\": 1}",
                "{\"order\": 3, \"version\": 1, \"told\": 1, \"history\": \"h\", \"tables\": {\"notes\": 1}}",
                "{\"order\": 3, \"version\": -1, \"told\": 1, \"history\": \"h\", \"tables\": {\"notes\": \"a.b.c\"}}"
            })
    void startsAnewFromACookieThatCannotBeUsed(String cookie) {
        insert("notes", "{\"id\": \"a\"}");
        SyncClient client = new SyncClient(NOTES);
        client.cookie(TestServer.JSON.readTree(cookie));
        JsonNode answer = pullOnce(client);
        assertThat(answer.path("patch").path(0).toString()).isEqualTo("{\"op\":\"clear\"}");
        assertThat(keys(client)).containsExactly("notes/a");
    }

    @Test
    void neverLetsTheOrderOfCookiesFall() {
        SyncClient client = new SyncClient(NOTES);
        client.cookie(TestServer.JSON.readTree("{\"order\": 1000000}"));
        pull(client);
        assertThat(client.cookie().path("order").asLong()).isEqualTo(1_000_000);
        insert("notes", "{\"id\": \"a\"}");
        pull(client);
        assertThat(client.cookie().path("order").asLong()).isEqualTo(1_000_000);
        assertThat(keys(client)).containsExactly("notes/a");
    }

    @Test
    void takesAPushOfThousandsOfMutations() {
        SyncClient client = new SyncClient(NOTES);
        for (int i = 0; i < 5_000; i++) {
            client.mutate("insert", "{\"table\": \"notes\", \"rows\": [{\"id\": \"" + i % 4_999 + "\"}]}");
        }
        assertThat(refusals(push(client).path("refused"))).containsExactly("5000 ALREADY_EXISTS");
        pull(client);
        assertThat(client.replica).hasSize(4_999);
        assertThat(client.acknowledged()).isEqualTo(5_000);
    }
}
