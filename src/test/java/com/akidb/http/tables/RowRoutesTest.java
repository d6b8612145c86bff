package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RowRoutesTest {

    private static final String EVERY = "/api/v1/tables/every";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        server.post("/api/v1/tables", """
            {"name": "every", "primary_key": "key", "columns": [
              {"name": "key", "type": "string"}, {"name": "n", "type": "int"}, {"name": "x", "type": "float"},
              {"name": "yes", "type": "bool"}, {"name": "at", "type": "timestamp"}, {"name": "facts", "type": "json"},
              {"name": "vec", "type": "embedding", "dimensions": 3}, {"name": "code", "type": "string", "unique": true},
              {"name": "must", "type": "int", "required": true, "default": 1}]}
            """);
        server.post(
                "/api/v1/tables",
                "{\"name\": \"numbers\", \"primary_key\": \"id\", \"columns\": [{\"name\": \"id\", \"type\":"
                        + " \"int\"}]}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestServer.Reply insert(String row) {
        return server.post(EVERY + "/rows", "{\"rows\": [" + row + "]}");
    }

    @Test
    void keepsValuesOfEveryTypeAsTheyWere() {
        TestServer.Reply inserted = insert("""
            {"key": "a/b ü", "n": -9223372036854775808, "x": 1.5, "yes": true, "at": "2026-03-01T10:30:00.250+01:00",
             "facts": {"deep": [1, {"b": null}], "s": "\\u00fc"}, "vec": [1, 0.5, -2], "code": "c1"}
            """);

        assertThat(inserted.status()).isEqualTo(201);
        assertThat(inserted.json().path("inserted").asInt()).isEqualTo(1);
        assertThat(inserted.json().path("version").asLong()).isPositive();
        assertThat(server.get(EVERY + "/rows/a%2Fb%20%C3%BC?include_vectors=true")
                        .json())
                .isEqualTo(TestServer.JSON.readTree("""
                    {"key": "a/b ü", "n": -9223372036854775808, "x": 1.5, "yes": true, "at": "2026-03-01T09:30:00.250Z",
                     "facts": {"deep": [1, {"b": null}], "s": "ü"}, "vec": [1.0, 0.5, -2.0], "code": "c1", "must": 1}
                    """));
        assertThat(server.get(EVERY + "/rows/a%2Fb%20%C3%BC").json().has("vec")).isFalse();
        TestServer.Reply meta = server.get(EVERY + "/rows/a%2Fb%20%C3%BC?include_meta=true");
        assertThat(meta.json().path("version").asLong())
                .isEqualTo(inserted.json().path("version").asLong());
        assertThat(meta.json().path("changed_at").asString()).endsWith("Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"key": "e", "n": 9223372036854775808}              | OUT_OF_RANGE     | rows[0].n
        {"key": "e", "n": 1e400000000}                      | OUT_OF_RANGE     | rows[0].n
        {"key": "e", "n": 1.5}                              | WRONG_TYPE       | rows[0].n
        {"key": "e", "n": "1"}                              | WRONG_TYPE       | rows[0].n
        {"key": "e", "x": NaN}                              | OUT_OF_RANGE     | rows[0].x
        {"key": "e", "x": 1e999}                            | OUT_OF_RANGE     | rows[0].x
        {"key": "e", "yes": "true"}                         | WRONG_TYPE       | rows[0].yes
        {"key": "e", "at": "2026-03-01T10:30:00"}           | INVALID_ARGUMENT | rows[0].at
        {"key": "e", "at": "2026-02-30T10:30:00Z"}          | INVALID_ARGUMENT | rows[0].at
        {"key": "e", "at": "yesterday"}                     | INVALID_ARGUMENT | rows[0].at
        {"key": "e", "at": 1700000000}                      | WRONG_TYPE       | rows[0].at
        {"key": "e", "vec": [1, 2]}                         | DIMENSION_MISMATCH | rows[0].vec
        {"key": "e", "vec": [1, "2", 3]}                    | WRONG_TYPE       | rows[0].vec[1]
        {"key": "e", "must": null}                          | MISSING_FIELD    | rows[0].must
        {"n": 1}                                            | MISSING_FIELD    | rows[0].key
        {"key": ""}                                         | INVALID_ARGUMENT | rows[0].key
        {"key": "e", "keey": 1}                             | UNKNOWN_COLUMN   | rows[0].keey
        {"key": "e", "key": "f"}                            | INVALID_ARGUMENT | rows[0].key
        {"key": "e"}, {"key": "f", "n": true}               | WRONG_TYPE       | rows[1].n
        {"key": "e"}, {"key": "e"}                          | INVALID_ARGUMENT | rows[1].key
        {"key": "e"}, 7                                     | WRONG_TYPE       | rows[1]
        """)
    void namesRowAndColumnOfWhatIsWrong(String rows, String code, String field) {
        TestServer.Reply reply = insert(rows);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("field").asString()).isEqualTo(field);
        assertThat(server.get(EVERY + "/rows/e").status()).isEqualTo(404);
    }

    @Test
    void saysWhichColumnsThereAreAndWhichWasMeant() {
        assertThat(insert("{\"key\": \"e\", \"fact\": 1}").json().path("detail").asString())
                .contains("key, n, x, yes, at, facts, vec, code, must")
                .contains("did you mean 'facts'?");
    }

    @Test
    void doesWithKeysThatExistAsItIsTold() {
        insert("{\"key\": \"k\", \"n\": 1}");

        TestServer.Reply refused = insert("{\"key\": \"new\"}, {\"key\": \"k\", \"n\": 2}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("detail").asString()).contains("'k'");
        assertThat(server.get(EVERY + "/rows/new").status()).isEqualTo(404);
        TestServer.Reply ignored = server.post(
                EVERY + "/rows",
                "{\"rows\": [{\"key\": \"k\", \"n\": 3}, {\"key\": \"k2\"}], \"on_conflict\": \"ignore\"}");
        assertThat(ignored.json().path("ignored").asInt()).isEqualTo(1);
        assertThat(ignored.json().path("inserted").asInt()).isEqualTo(1);
        assertThat(server.get(EVERY + "/rows/k").json().path("n").asInt()).isEqualTo(1);
        TestServer.Reply replaced =
                server.post(EVERY + "/rows", "{\"on_conflict\": \"replace\", \"rows\": [{\"key\": \"k\", \"n\": 4}]}");
        assertThat(replaced.json().path("updated").asInt()).isEqualTo(1);
        assertThat(replaced.json().path("inserted").asInt()).isZero();
        assertThat(server.get(EVERY + "/rows/k").json().path("n").asInt()).isEqualTo(4);
    }

    @Test
    void keepsUniqueColumnsUnique() {
        insert("{\"key\": \"u1\", \"code\": \"same\"}");

        TestServer.Reply second = insert("{\"key\": \"u2\", \"code\": \"same\"}");

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.json().path("detail").asString()).contains("code");
        assertThat(insert("{\"key\": \"u3\"}, {\"key\": \"u4\", \"code\": null}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void takesRowsOneALine() {
        TestServer.Reply reply = server.send(server.to(EVERY + "/rows?on_conflict=replace")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"l1\",\"n\":1}\n{\"key\":\"l2\",\"n\":2}\n\n")));
        assertThat(reply.json().path("inserted").asInt()).isEqualTo(2);
        assertThat(server.get(EVERY + "/rows/l2").json().path("n").asInt()).isEqualTo(2);

        TestServer.Reply wrong = server.send(server.to(EVERY + "/rows")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"l3\",\"n\":1}\n{\"key\":\"l4\",\"n\":\"x\"}\n")));
        assertThat(wrong.json().path("field").asString()).isEqualTo("rows[1].n");
        assertThat(server.get(EVERY + "/rows/l3").status()).isEqualTo(404);
    }

    @Test
    void takesTenThousandRowsAndNotOneMore() {
        String rows =
                IntStream.range(0, 10_000).mapToObj(i -> "{\"id\":" + i + "}").collect(Collectors.joining("\n"));

        TestServer.Reply all = server.send(server.to("/api/v1/tables/numbers/rows")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(rows)));
        assertThat(all.json().path("inserted").asInt()).isEqualTo(10_000);
        TestServer.Reply more = server.send(server.to("/api/v1/tables/numbers/rows")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(rows + "{\"id\":-1}")));
        assertThat(more.code()).isEqualTo("OUT_OF_RANGE");
        assertThat(server.get("/api/v1/tables/numbers/rows/9999")
                        .json()
                        .path("id")
                        .asInt())
                .isEqualTo(9999);
        assertThat(server.get("/api/v1/tables/numbers/rows/-1").status()).isEqualTo(404);
        assertThat(server.get("/api/v1/tables/numbers/rows/x").status()).isEqualTo(404);
    }

    @Test
    void changesAndDeletesByKeyAndByCondition() {
        insert("{\"key\": \"c1\", \"n\": 71}, {\"key\": \"c2\", \"n\": 72}, {\"key\": \"c3\", \"n\": 73}");

        assertThat(server.patch(EVERY + "/rows/c1", "{\"values\": {\"x\": 0.5}}")
                        .json()
                        .path("updated")
                        .asInt())
                .isEqualTo(1);
        assertThat(server.get(EVERY + "/rows/c1").json().path("x").asDouble()).isEqualTo(0.5);
        assertThat(server.patch(EVERY + "/rows/none", "{\"values\": {\"x\": 1}}")
                        .status())
                .isEqualTo(404);
        TestServer.Reply changed = server.patch(
                EVERY + "/rows",
                "{\"where\": {\"text\": \"n > ? and n < 99\", \"params\": [71]}, \"values\": {\"n\": 75, \"yes\":"
                        + " null}}");
        assertThat(changed.json().path("updated").asInt()).isEqualTo(2);
        assertThat(changed.json().path("version").asLong()).isPositive();
        assertThat(server.delete(EVERY + "/rows/c1").json().path("deleted").asInt())
                .isEqualTo(1);
        assertThat(server.delete(EVERY + "/rows/c1").status()).isEqualTo(404);
        TestServer.Reply deleted = server.delete(
                EVERY + "/rows", "{\"where\": [{\"column\": \"n\", \"operator\": \"=\", \"value\": 75}]}");
        assertThat(deleted.json().path("deleted").asInt()).isEqualTo(2);
        assertThat(server.get(EVERY + "/rows/c2").status()).isEqualTo(404);
    }

    @Test
    void givesManyRowsValuesOfTheirOwnInOneCommit() {
        insert("{\"key\": \"e1\", \"n\": 1}, {\"key\": \"e2\", \"n\": 2, \"yes\": true}, {\"key\": \"e3\", \"n\": 3}");

        TestServer.Reply changed = server.patch(EVERY + "/rows", """
            {"rows": [{"key": "e1", "n": 11, "x": 0.5}, {"key": "e2", "yes": null}, {"key": "none", "n": 0}], "if_missing": "ignore"}
            """);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("updated").asInt()).isEqualTo(2);
        assertThat(changed.json().path("missing").asInt()).isEqualTo(1);
        JsonNode first = server.get(EVERY + "/rows/e1?include_meta=true").json();
        JsonNode second = server.get(EVERY + "/rows/e2?include_meta=true").json();
        assertThat(first.path("n").asInt()).isEqualTo(11);
        assertThat(first.path("x").asDouble()).isEqualTo(0.5);
        assertThat(second.path("n").asInt()).isEqualTo(2);
        assertThat(second.path("yes").isNull()).isTrue();
        assertThat(first.path("version"))
                .isEqualTo(second.path("version"))
                .isEqualTo(changed.json().path("version"));

        TestServer.Reply refused = server.patch(
                EVERY + "/rows", "{\"rows\": [{\"key\": \"e3\", \"n\": 33}, {\"key\": \"none\", \"n\": 0}]}");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.json().path("field").asString()).isEqualTo("rows[1].key");
        assertThat(server.get(EVERY + "/rows/e3").json().path("n").asInt()).isEqualTo(3);
        for (String key : List.of("e1", "e2", "e3")) {
            server.delete(EVERY + "/rows/" + key);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"values": {"n": 1}}                                                     | MISSING_FIELD    | where
        {"where": null, "values": {"n": 1}}                                      | WRONG_TYPE       | where
        {"where": []}                                                            | MISSING_FIELD    | values
        {"where": [], "values": {}}                                              | INVALID_ARGUMENT | values
        {"where": [], "values": {"key": "x"}}                                    | INVALID_ARGUMENT | values.key
        {"where": [], "values": {"must": null}}                                  | MISSING_FIELD    | values.must
        {"rows": []}                                                             | INVALID_ARGUMENT | rows
        {"rows": [{"n": 1}]}                                                     | MISSING_FIELD    | rows[0].key
        {"rows": [{"key": null, "n": 1}]}                                        | MISSING_FIELD    | rows[0].key
        {"rows": [{"key": "a"}]}                                                 | MISSING_FIELD    | rows[0]
        {"rows": [{"key": "a", "n": 1}, {"key": "a", "n": 2}]}                   | INVALID_ARGUMENT | rows[1].key
        {"rows": [{"key": "a", "n": 1}, {"key": "b", "n": "1"}]}                 | WRONG_TYPE       | rows[1].n
        {"rows": [{"key": "a", "must": null}]}                                   | MISSING_FIELD    | rows[0].must
        {"rows": [{"key": "a", "n": 1}], "where": []}                            | INVALID_ARGUMENT | rows
        {"rows": [{"key": "a", "n": 1}], "values": {"n": 1}}                     | INVALID_ARGUMENT | rows
        {"rows": [{"key": "a", "n": 1}], "if_missing": "insert"}                 | INVALID_ARGUMENT | if_missing
        {"where": [], "values": {"n": 1}, "if_missing": "ignore"}                | INVALID_ARGUMENT | if_missing
        {"where": [], "values": {"m": 1}}                                        | UNKNOWN_COLUMN   | values.m
        {"where": [{"column": "m", "operator": "=", "value": 1}], "values": {"n": 1}} | UNKNOWN_COLUMN | where[0].column
        {"where": [{"column": "n", "operator": "=", "value": "1"}], "values": {"n": 1}} | WRONG_TYPE   | where[0].value
        {"where": [{"column": "at", "operator": ">", "value": "2026-01-01"}], "values": {"n": 1}} | INVALID_ARGUMENT | where[0].value
        {"where": [{"column": "vec", "operator": "=", "value": 1}], "values": {"n": 1}} | WRONG_TYPE   | where[0].column
        {"where": [{"column": "n.a", "operator": "=", "value": 1}], "values": {"n": 1}} | WRONG_TYPE   | where[0].column
        {"where": [{"column": "n", "operator": "like", "value": "1%"}], "values": {"n": 1}} | WRONG_TYPE | where[0].value
        """)
    void saysWhatIsWrongWithAChange(String body, String code, String field) {
        TestServer.Reply reply = server.patch(EVERY + "/rows", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("field").asString()).isEqualTo(field);
    }

    @Test
    void readsCollectionsButDoesNotWriteThem() {
        assertThat(server.get("/api/v1/tables/none/rows/1").code()).isEqualTo("NOT_FOUND");
        assertThat(server.post("/api/v1/tables/none/rows", "{\"rows\": []}").status())
                .isEqualTo(404);
    }

    @Test
    void takesAndGivesVectorsAsBase64() {
        // 1, 0.5 and -2 as little-endian float32.
        String base64 = "AACAPwAAAD8AAADA";
        assertThat(insert("{\"key\": \"b64\", \"vec\": \"" + base64 + "\"}").status())
                .isEqualTo(201);
        String row = EVERY + "/rows/b64?include_vectors=true";

        assertThat(server.get(row).json().path("vec")).isEqualTo(TestServer.JSON.readTree("[1.0, 0.5, -2.0]"));
        assertThat(server.get(row + "&encoding_format=base64")
                        .json()
                        .path("vec")
                        .asString())
                .isEqualTo(base64);
        TestServer.Reply queried = server.post(EVERY + "/query", """
            {"where": [{"column": "key", "operator": "=", "value": "b64"}], "select": ["vec"], "encoding_format": "base64"}
            """);
        assertThat(queried.json().at("/rows/0/vec").asString()).isEqualTo(base64);
        server.patch(EVERY + "/rows/b64", "{\"values\": {\"vec\": \"AAAAQAAAAD8AAADA\"}}");
        assertThat(server.get(row).json().at("/vec/0").asDouble()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        AACAPwAAAD8AAAD,  WRONG_TYPE
        not base64!,      WRONG_TYPE
        AACAPwAAAD8AAMB/, OUT_OF_RANGE
        AACAPwAAAD8=,     DIMENSION_MISMATCH
        """)
    void refusesBase64ThatIsNoVector(String base64, String code) {
        TestServer.Reply refused = insert("{\"key\": \"bad\", \"vec\": \"" + base64 + "\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.json().path("field").asString()).startsWith("rows[0].vec");
        assertThat(server.get(EVERY + "/rows/b64?encoding_format=hex").status()).isEqualTo(400);
    }
}
