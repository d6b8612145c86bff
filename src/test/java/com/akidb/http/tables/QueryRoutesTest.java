package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class QueryRoutesTest {

    private static final String QUERY = "/api/v1/tables/layouts/query";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        server.post("/api/v1/tables", """
            {"name": "layouts", "columns": [
              {"name": "title", "type": "string"}, {"name": "language", "type": "string"},
              {"name": "quality", "type": "int"}, {"name": "facts", "type": "json"},
              {"name": "vec", "type": "embedding", "dimensions": 2}]}
            """);
        String rows = IntStream.range(0, 300)
                .mapToObj(i -> "{\"title\": \"t" + i + "\", \"language\": \"" + (i % 3 == 0 ? "ts" : "java")
                        + "\", \"quality\": " + (i % 10 == 9 ? "null" : i % 10) + ", \"facts\": {\"area\": {\"no\": "
                        + i
                        + "}}, \"vec\": [1, " + i + "]}")
                .collect(Collectors.joining(","));
        server.post("/api/v1/tables/layouts/rows", "{\"rows\": [" + rows + "]}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode query(String body) {
        TestServer.Reply reply = server.post(QUERY, body);
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void selectsFiltersOrdersAndLimits() {
        JsonNode page = query("""
            {"select": ["title", "facts.area.no", "quality"],
             "where": [{"column": "language", "operator": "=", "value": "ts"},
                       {"column": "facts.area.no", "operator": "<", "value": 31}],
             "order_by": [{"column": "quality", "direction": "desc"}, {"column": "title"}], "limit": 2, "offset": 1}
            """);

        assertThat(page.at("/rows").toString())
                .isEqualTo("[{\"title\":\"t27\",\"facts.area.no\":27,\"quality\":7},"
                        + "{\"title\":\"t6\",\"facts.area.no\":6,\"quality\":6}]");
        assertThat(page.path("next_cursor").isString()).isTrue();
    }

    @Test
    void computesExpressionsPageByPage() {
        String body = """
            {"select": [{"expression": "quality * 2", "as": "double"}, "title",
                        {"expression": "upper(language) || '/' || facts.area.no", "as": "where \\"it\\" is"},
                        {"expression": "case when quality > 5 then facts else 'none' end", "as": "facts"}],
             "where": [{"column": "language", "operator": "=", "value": "ts"}],
             "order_by": [{"column": "quality", "direction": "desc"}, {"column": "title"}], "limit": 60%s}
            """;
        JsonNode first = query(body.formatted(""));
        JsonNode second = query(
                body.formatted(", \"cursor\": \"" + first.path("next_cursor").asString() + "\""));

        assertThat(first.at("/rows/0").toString())
                .isEqualTo("{\"double\":16,\"title\":\"t108\",\"where \\\"it\\\" is\":\"TS/108\","
                        + "\"facts\":{\"area\":{\"no\":108}}}");
        assertThat(second.path("rows")).hasSize(40);
        assertThat(second.path("next_cursor").isNull()).isTrue();
        assertThat(second.at("/rows/39/double").isNull()).isTrue();
        assertThat(second.at("/rows/39/facts").asString()).isEqualTo("none");
    }

    @Test
    void computesExpressionsLineByLine() {
        HttpResponse<String> reply = server.sendRaw(server.to(QUERY)
                .header("Content-Type", "application/json")
                .header("Accept", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString("{\"select\": [{\"expression\": \"facts.area.no + 1\","
                        + " \"as\": \"n\"}, {\"expression\": \"facts\", \"as\": \"f\"}]}")));

        assertThat(reply.body().lines()).hasSize(300).contains("{\"n\":8,\"f\":{\"area\":{\"no\":7}}}");
    }

    @Test
    void takesSixteenExpressionsAndNotOneMore() {
        String all = IntStream.range(0, 16)
                .mapToObj(i -> "{\"expression\": \"" + i + "\", \"as\": \"n" + i + "\"}")
                .collect(Collectors.joining(","));
        TestServer.Reply more =
                server.post(QUERY, "{\"select\": [" + all + ", {\"expression\": \"1\", \"as\": \"x\"}]}");

        assertThat(query("{\"limit\": 1, \"select\": [" + all + "]}")
                        .at("/rows/0/n15")
                        .asInt())
                .isEqualTo(15);
        assertThat(more.code()).isEqualTo("OUT_OF_RANGE");
        assertThat(more.json().path("field").asString()).isEqualTo("select[16]");
    }

    @Test
    void takesEveryFormOfACondition() {
        assertThat(query("{\"count\": true}").path("count").asInt()).isEqualTo(300);
        assertThat(query("{\"count\": true, \"where\": {\"or\": [{\"column\": \"quality\", \"operator\": \"is null\"},"
                                + " {\"not\": {\"column\": \"quality\", \"operator\": \"<\", \"value\": 8}}]}}")
                        .path("count")
                        .asInt())
                .isEqualTo(60);
        assertThat(query("{\"count\": true, \"where\": {\"text\": \"quality >= ? and language in (?, ?)\","
                                + " \"params\": [7, \"ts\", \"php\"]}}")
                        .path("count")
                        .asInt())
                .isEqualTo(20);
    }

    @Test
    void leavesEmbeddingsOutUnlessAskedFor() {
        assertThat(query("{\"limit\": 1}").at("/rows/0").has("vec")).isFalse();
        assertThat(query("{\"limit\": 1, \"select\": [\"*\", \"vec\"]}").at("/rows/0/vec"))
                .hasSize(2);
        assertThat(query("{\"limit\": 1, \"include_vectors\": true}").at("/rows/0/vec"))
                .hasSize(2);
        JsonNode meta = query("{\"limit\": 1, \"select\": [\"title\"], \"include_meta\": true}");
        assertThat(meta.at("/rows/0/version").asLong()).isPositive();
        assertThat(meta.at("/rows/0/changed_at").asString()).endsWith("Z");
    }

    @Test
    void goesThroughAllRowsByCursorWithoutMissingOrRepeatingAny() {
        List<Integer> seen = new ArrayList<>();
        String cursor = "null";
        int pages = 0;
        do {
            JsonNode page = query("{\"select\": [\"row_id\"], \"order_by\": [{\"column\": \"quality\"}], \"limit\": 70,"
                    + " \"cursor\": " + cursor + "}");
            page.path("rows").forEach(row -> seen.add(row.path("row_id").asInt()));
            cursor = page.path("next_cursor").toString();
            pages++;
        } while (!cursor.equals("null"));

        assertThat(pages).isEqualTo(5);
        assertThat(seen).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void refusesCursorsThatWereChangedOrBelongToAnotherQuery() {
        String cursor = query("{\"limit\": 1}").path("next_cursor").asString();

        for (String body : List.of(
                "{\"cursor\": \"" + cursor + "\", \"order_by\": [{\"column\": \"title\"}]}",
                "{\"cursor\": \"" + cursor
                        + "\", \"where\": [{\"column\": \"quality\", \"operator\": \"=\", \"value\": 1}]}",
                "{\"cursor\": \"" + (cursor.startsWith("A") ? "B" : "A") + cursor.substring(1) + "\"}",
                "{\"cursor\": \"" + cursor + "AAAA\"}",
                "{\"cursor\": \"nonsense!\"}",
                "{\"cursor\": \"\"}")) {
            TestServer.Reply reply = server.post(QUERY, body);
            assertThat(reply.status()).as(body).isEqualTo(400);
            assertThat(reply.json().path("field").asString()).isEqualTo("cursor");
        }
        assertThat(server.post(QUERY, "{\"cursor\": \"" + cursor + "\", \"limit\": 5}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void findsDistinctRowsLineByLine() {
        HttpResponse<String> reply = server.sendRaw(server.to(QUERY)
                .header("Content-Type", "application/json")
                .header("Accept", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString("{\"distinct\": true, \"select\": [\"language\"]}")));

        assertThat(reply.body()).isEqualTo("{\"language\":\"java\"}\n{\"language\":\"ts\"}\n");
    }

    @Test
    void findsDistinctRowsAndCountsGroups() {
        assertThat(query("{\"distinct\": true, \"select\": [\"language\"]}")
                        .path("rows")
                        .toString())
                .isEqualTo("[{\"language\":\"java\"},{\"language\":\"ts\"}]");
        assertThat(query("{\"group_by\": [\"language\"]}").path("groups").toString())
                .isEqualTo("[{\"values\":{\"language\":\"java\"},\"count\":200},"
                        + "{\"values\":{\"language\":\"ts\"},\"count\":100}]");
    }

    @Test
    void explainsWithoutReading() {
        JsonNode plan =
                query("{\"explain\": true, \"where\": [{\"column\": \"quality\", \"operator\": \"=\", \"value\": 3}]}");

        assertThat(plan.path("plan")).isNotEmpty();
        assertThat(plan.has("rows")).isFalse();
    }

    @Test
    void saysWhichColumnsAFilterCouldHaveMeant() {
        for (String where : new String[] {
            "[{\"column\": \"qualty\", \"operator\": \"=\", \"value\": 1}]", "{\"text\": \"qualty = 1\"}"
        }) {
            assertThat(server.post(QUERY, "{\"where\": " + where + "}")
                            .json()
                            .path("detail")
                            .asString())
                    .contains("title, language, quality")
                    .contains("did you mean 'quality'?");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"limit": 0}                                                         | OUT_OF_RANGE     | limit
        {"limit": 10001}                                                     | OUT_OF_RANGE     | limit
        {"offset": -1}                                                       | OUT_OF_RANGE     | offset
        {"selct": []}                                                        | UNKNOWN_FIELD    | selct
        {"select": ["titel"]}                                                | UNKNOWN_COLUMN   | select[0]
        {"select": ["title.x"]}                                              | WRONG_TYPE       | select[0]
        {"order_by": [{"column": "titel"}]}                                  | UNKNOWN_COLUMN   | order_by[0].column
        {"order_by": [{"column": "title", "direction": "up"}]}               | INVALID_ARGUMENT | order_by[0].direction
        {"order_by": [{"direction": "asc"}]}                                 | MISSING_FIELD    | order_by[0].column
        {"order_by": [{"column": "vec"}]}                                    | WRONG_TYPE       | order_by[0].column
        {"where": [{"column": "qualty", "operator": "=", "value": 1}]}       | UNKNOWN_COLUMN   | where[0].column
        {"where": {"text": "qualty = 1"}}                                    | UNKNOWN_COLUMN   | where.text
        {"where": [{"column": "quality", "operator": "~", "value": 1}]}      | INVALID_ARGUMENT | where[0].operator
        {"count": true, "limit": 3}                                          | INVALID_ARGUMENT | limit
        {"group_by": ["language"], "select": ["title"]}                      | INVALID_ARGUMENT | select
        {"similarity": {"query": "x", "column": "title"}}                    | WRONG_TYPE       | similarity.column
        {"similarity": {"column": "vec"}}                                    | MISSING_FIELD    | similarity.query
        {"order_by": [{"column": "similarity_score"}]}                       | UNKNOWN_COLUMN   | order_by[0].column
        {"select": [1]}                                                      | WRONG_TYPE       | select[0]
        {"select": ["title", {"as": "x"}]}                                   | MISSING_FIELD    | select[1].expression
        {"select": [{"expression": "1"}]}                                    | MISSING_FIELD    | select[0].as
        {"select": [{"expression": 1, "as": "x"}]}                           | WRONG_TYPE       | select[0].expression
        {"select": [{"expression": "1", "as": null}]}                        | WRONG_TYPE       | select[0].as
        {"select": [{"expression": "1", "as": ""}]}                          | INVALID_ARGUMENT | select[0].as
        {"select": [{"expression": "1", "as": "version"}]}                   | INVALID_ARGUMENT | select[0].as
        {"select": [{"expression": "1", "as": "x", "type": "int"}]}          | UNKNOWN_FIELD    | select[0].type
        {"select": ["title", {"expression": "1", "as": "title"}]}            | INVALID_ARGUMENT | select[1].as
        {"select": [{"expression": "1", "as": "title"}, "*"]}                | INVALID_ARGUMENT | select[0].as
        {"select": [{"expression": "1", "as": "x"}, {"expression": "2", "as": "x"}]} | INVALID_ARGUMENT | select[0].as
        {"select": ["title", {"expression": "qualty", "as": "x"}]}           | UNKNOWN_COLUMN   | select[1].expression
        {"select": [{"expression": "1 +", "as": "x"}], "explain": true}      | INVALID_ARGUMENT | select[0].expression
        {"select": [{"expression": "sum(quality)", "as": "x"}]}              | INVALID_ARGUMENT | select[0].expression
        {"select": [{"expression": "vec", "as": "x"}]}                       | INVALID_ARGUMENT | select[0].expression
        {"select": [{"expression": "abs()", "as": "x"}]}                     | INVALID_ARGUMENT | select[0].expression
        {"select": ["title", {"expression": "1", "as": "x"}], "distinct": true} | INVALID_ARGUMENT | select[1]
        {"select": [{"expression": "1", "as": "x"}], "similarity": {"query": [1, 0], "column": "vec"}} | INVALID_ARGUMENT | select[0]
        {"group_by": [{"expression": "1", "as": "x"}]}                       | WRONG_TYPE       | group_by[0]
        """)
    void saysWhatIsWrongWithAQuery(String body, String code, String field) {
        TestServer.Reply reply = server.post(QUERY, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("field").asString()).isEqualTo(field);
    }

    @Test
    void takesTenThousandValuesOfInAndRefusesMore() {
        String values = IntStream.range(0, 10_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
        String in = "{\"count\": true, \"where\": [{\"column\": \"quality\", \"operator\": \"in\", \"value\": [%s]}]}";

        assertThat(query(in.formatted(values)).path("count").asInt()).isEqualTo(270);
        assertThat(server.post(QUERY, in.formatted(values + ",1")).code()).isEqualTo("OUT_OF_RANGE");
    }

    @Test
    void takesFiltersThatAreAHundredDeepAndRefusesDeeperOnes() {
        String clause = "[{\"column\": \"quality\", \"operator\": \"in\", \"value\": [1, 2]}]";
        String deep = "{\"not\":".repeat(98) + clause + "}".repeat(98);
        String wrong = "{\"not\":".repeat(100) + clause + "}".repeat(100);
        String deepest = "{\"not\":".repeat(10_000) + clause + "}".repeat(10_000);

        assertThat(query("{\"count\": true, \"where\": " + deep + "}").path("count"))
                .isEqualTo(query("{\"count\": true, \"where\": " + clause + "}").path("count"));
        assertThat(server.post(QUERY, "{\"where\": " + wrong + "}").code()).isEqualTo("OUT_OF_RANGE");
        assertThat(server.post(QUERY, "{\"where\": " + deepest + "}").code()).isEqualTo("OUT_OF_RANGE");
    }
}
