package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableRoutesTest {

    private static final String TABLES = "/api/v1/tables";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String columns(String... columns) {
        return "[" + String.join(",", columns) + "]";
    }

    private static TestServer.Reply create(String name, String columns, String rest) {
        return server.post(TABLES, "{\"name\": \"" + name + "\", \"columns\": " + columns + rest + "}");
    }

    @Test
    void createsListsDescribesRenamesAndDropsATable() {
        TestServer.Reply created = create(
                "layouts",
                columns(
                        "{\"name\":\"url\",\"type\":\"string\"}",
                        "{\"name\":\"score\",\"type\":\"int\",\"default\":5}",
                        "{\"name\":\"vec\",\"type\":\"embedding\",\"dimensions\":3}"),
                ", \"primary_key\": \"url\"");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo(TABLES + "/layouts");
        assertThat(created.json().at("/columns/0/required").asBoolean()).isTrue();
        assertThat(created.json().at("/columns/1/default").asInt()).isEqualTo(5);
        assertThat(created.json().at("/columns/2/dimensions").asInt()).isEqualTo(3);
        assertThat(created.json().at("/columns/2/metric").asString()).isEqualTo("cosine");
        assertThat(created.json().path("primary_key").asString()).isEqualTo("url");
        assertThat(created.json().path("row_count").asInt()).isZero();
        assertThat(server.get(TABLES + "/layouts").json()).isEqualTo(created.json());
        assertThat(server.get(TABLES).json().at("/tables")).contains(created.json());
        TestServer.Reply renamed = server.patch(TABLES + "/layouts", "{\"name\": \"code layouts\"}");
        assertThat(renamed.json().path("name").asString()).isEqualTo("code layouts");
        assertThat(server.get(TABLES + "/layouts").status()).isEqualTo(404);
        assertThat(server.delete(TABLES + "/code%20layouts").status()).isEqualTo(204);
        assertThat(server.delete(TABLES + "/code%20layouts").status()).isEqualTo(404);
    }

    @Test
    void numbersTheRowsOfATableWithoutAKey() {
        TestServer.Reply created = create("numbered", columns("{\"name\":\"a\",\"type\":\"string\"}"), "");

        assertThat(created.json().path("primary_key").asString()).isEqualTo("row_id");
        assertThat(created.json().at("/columns/0/name").asString()).isEqualTo("row_id");
        assertThat(created.json().at("/columns/0/type").asString()).isEqualTo("int");
    }

    @Test
    void addsRenamesAndDropsColumns() {
        create("shape", columns("{\"name\":\"a\",\"type\":\"string\"}"), "");
        server.post(TABLES + "/shape/rows", "{\"rows\": [{\"a\": \"x\"}]}");

        TestServer.Reply added =
                server.post(TABLES + "/shape/columns", "{\"name\": \"stars\", \"type\": \"int\", \"default\": 3}");
        assertThat(added.status()).isEqualTo(201);
        assertThat(server.get(TABLES + "/shape/rows/1").json().path("stars").asInt())
                .isEqualTo(3);
        assertThat(server.patch(TABLES + "/shape/columns/stars", "{\"name\": \"rank\"}")
                        .status())
                .isEqualTo(200);
        assertThat(server.get(TABLES + "/shape/rows/1").json().path("rank").asInt())
                .isEqualTo(3);
        assertThat(server.delete(TABLES + "/shape/columns/rank").status()).isEqualTo(200);
        assertThat(server.get(TABLES + "/shape/rows/1").json().has("rank")).isFalse();
        assertThat(server.delete(TABLES + "/shape/columns/rank").status()).isEqualTo(404);
        assertThat(server.delete(TABLES + "/shape/columns/row_id").status()).isEqualTo(400);
        assertThat(server.delete(TABLES + "/shape/columns/a").status()).isEqualTo(400);
    }

    @Test
    void wantsADefaultForARequiredColumnOfAFullTable() {
        create("full", columns("{\"name\":\"a\",\"type\":\"string\"}"), "");
        server.post(TABLES + "/full/rows", "{\"rows\": [{\"a\": \"x\"}]}");

        TestServer.Reply reply =
                server.post(TABLES + "/full/columns", "{\"name\": \"b\", \"type\": \"int\", \"required\": true}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("field").asString()).isEqualTo("default");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a'b\"c",
                "dots.in.it",
                "таблица",
                "select",
                "drop table x; --",
                "a/b",
                "50% off?",
                "x#y",
                "名前 🦕"
            })
    void takesNamesOfAnyCharacters(String name) {
        String quoted = TestServer.JSON.writeValueAsString(name);
        String path =
                TABLES + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");

        assertThat(server.post(
                                TABLES,
                                "{\"name\": " + quoted + ", \"columns\": [{\"name\": " + quoted
                                        + ", \"type\": \"string\"}], \"primary_key\": " + quoted + "}")
                        .status())
                .isEqualTo(201);
        assertThat(server.post(path + "/rows", "{\"rows\": [{" + quoted + ": \"v\"}]}")
                        .status())
                .isEqualTo(201);
        assertThat(server.post(
                                path + "/query",
                                "{\"where\": [{\"column\": " + quoted
                                        + ", \"operator\": \"=\", \"value\": \"v\"}], \"order_by\": [{\"column\": "
                                        + quoted
                                        + "}]}")
                        .json()
                        .at("/rows/0")
                        .path(name)
                        .asString())
                .isEqualTo("v");
        assertThat(server.delete(path).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"columns": [{"name":"a","type":"int"}]}                                     | MISSING_FIELD    | name
        {"name": "t"}                                                                | MISSING_FIELD    | columns
        {"name": "t", "columns": []}                                                 | INVALID_ARGUMENT | columns
        {"name": "", "columns": [{"name":"a","type":"int"}]}                         | INVALID_ARGUMENT | name
        {"name": " t", "columns": [{"name":"a","type":"int"}]}                       | INVALID_ARGUMENT | name
        {"name": "..", "columns": [{"name":"a","type":"int"}]}                       | INVALID_ARGUMENT | name
        {"name": "t\\u0007", "columns": [{"name":"a","type":"int"}]}                 | INVALID_ARGUMENT | name
        {"name": "t", "columns": [{"name":"a"}]}                                     | MISSING_FIELD    | columns[0].type
        {"name": "t", "columns": [{"type":"int"}]}                                   | MISSING_FIELD    | columns[0].name
        {"name": "t", "columns": [{"name":"a","type":"integer"}]}                    | INVALID_ARGUMENT | columns[0].type
        {"name": "t", "columns": [{"name":"a","typ":"int"}]}                         | UNKNOWN_FIELD    | columns[0].typ
        {"name": "t", "columns": [{"name":"version","type":"int"}]}                  | INVALID_ARGUMENT | columns[0].name
        {"name": "t", "columns": [{"name":"Row_ID","type":"int"}]}                   | INVALID_ARGUMENT | columns[0].name
        {"name": "t", "columns": [{"name":"a","type":"int"},{"name":"A","type":"int"}]} | INVALID_ARGUMENT | columns[1].name
        {"name": "t", "columns": [{"name":"a","type":"embedding"}]}                  | MISSING_FIELD    | columns[0].dimensions
        {"name": "t", "columns": [{"name":"a","type":"embedding","dimensions":5000}]} | OUT_OF_RANGE    | columns[0].dimensions
        {"name": "t", "columns": [{"name":"a","type":"int","dimensions":5}]}         | INVALID_ARGUMENT | columns[0].dimensions
        {"name": "t", "columns": [{"name":"a","type":"json","unique":true}]}         | INVALID_ARGUMENT | columns[0].unique
        {"name": "t", "columns": [{"name":"a","type":"int","default":"x"}]}          | WRONG_TYPE       | columns[0].default
        {"name": "t", "columns": [{"name":"a","type":"timestamp","default":"2026-01-01T00:00:00"}]} | INVALID_ARGUMENT | columns[0].default
        {"name": "t", "columns": [{"name":"a","type":"bool"}], "primary_key": "a"}   | WRONG_TYPE       | primary_key
        {"name": "t", "columns": [{"name":"a","type":"int"}], "primary_key": "b"}    | UNKNOWN_COLUMN   | primary_key
        """)
    void saysWhatIsWrongWithATable(String body, String code, String field) {
        TestServer.Reply reply = server.post(TABLES, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("field").asString()).isEqualTo(field);
    }

    @Test
    void takesAThousandColumnsAndNotOneMore() {
        String thousand = IntStream.range(0, 1000)
                .mapToObj(i -> "{\"name\":\"c" + i + "\",\"type\":\"int\",\"default\":" + i + "}")
                .collect(Collectors.joining(","));

        assertThat(create("wide", "[" + thousand + "]", "").status()).isEqualTo(201);
        assertThat(server.post(TABLES + "/wide/rows", "{\"rows\": [{\"c7\": 70}]}")
                        .status())
                .isEqualTo(201);
        assertThat(server.get(TABLES + "/wide/rows/1").json().path("c999").asInt())
                .isEqualTo(999);
        TestServer.Reply more = create("wider", "[" + thousand + ",{\"name\":\"x\",\"type\":\"int\"}]", "");
        assertThat(more.code()).isEqualTo("OUT_OF_RANGE");
        assertThat(server.post(TABLES + "/wide/columns", "{\"name\": \"x\", \"type\": \"int\"}")
                        .code())
                .isEqualTo("OUT_OF_RANGE");
    }

    @Test
    void refusesNamesThatAreTaken() {
        create("taken", columns("{\"name\":\"a\",\"type\":\"string\"}", "{\"name\":\"b\",\"type\":\"string\"}"), "");
        create("other", columns("{\"name\":\"a\",\"type\":\"string\"}"), "");

        assertThat(create("taken", columns("{\"name\":\"a\",\"type\":\"string\"}"), "")
                        .status())
                .isEqualTo(409);
        assertThat(server.patch(TABLES + "/other", "{\"name\": \"taken\"}").code())
                .isEqualTo("ALREADY_EXISTS");
        assertThat(server.patch(TABLES + "/taken/columns/a", "{\"name\": \"B\"}")
                        .code())
                .isEqualTo("ALREADY_EXISTS");
        assertThat(server.post(TABLES + "/taken/columns", "{\"name\": \"a\", \"type\": \"int\"}")
                        .code())
                .isEqualTo("ALREADY_EXISTS");
    }
}
