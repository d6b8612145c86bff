package com.akidb.http.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexRoutesTest {

    private static final String NOTES = "/api/v1/tables/notes";
    private static final String INDEXES = NOTES + "/indexes";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        server.post("/api/v1/tables", """
            {"name": "notes", "columns": [
                {"name": "title", "type": "string"}, {"name": "year", "type": "int"},
                {"name": "tags", "type": "json"}, {"name": "vec", "type": "embedding", "dimensions": 2},
                {"name": "other", "type": "embedding", "dimensions": 2}]}\
            """);
        server.post(NOTES + "/rows", """
            {"rows": [{"title": "ford below the mill", "year": 2023, "vec": [1, 0]},
                      {"title": "gate locked", "year": 2020, "vec": [0, 1]}]}\
            """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void indexesScalarColumnsAndWords() {
        TestServer.Reply ordered = server.post(INDEXES + "/btree", "{\"columns\": [\"year\", \"title\"]}");
        assertThat(ordered.status()).isEqualTo(201);
        assertThat(ordered.json().path("index_name").asString()).isEqualTo("notes_year_title_btree");
        TestServer.Reply words = server.post(INDEXES + "/text", "{\"columns\": [\"title\"]}");
        assertThat(words.status()).isEqualTo(201);
        TestServer.Reply shown = server.get(INDEXES + "/notes_title_text");
        assertThat(shown.json().path("type").asString()).isEqualTo("text");
        assertThat(shown.json().has("metric")).isFalse();
    }

    @Test
    void keepsTheEffortOfSearchesThatSayNone() {
        server.post("/api/v1/tables", """
            {"name": "efforts", "columns": [{"name": "vec", "type": "embedding", "dimensions": 2}]}\
            """);
        String indexes = "/api/v1/tables/efforts/indexes";
        String index = "{\"column\": \"vec\", \"method\": \"%s\", \"metric\": \"%s\", \"parameters\": {%s}}";
        server.post(indexes + "/vector", index.formatted("hnsw", "cosine", "\"ef\": 321"));
        server.post(indexes + "/vector", index.formatted("ivfflat", "euclidean", "\"probes\": 7"));
        server.post(indexes + "/vector", index.formatted("ivfflat", "inner_product", ""));

        assertThat(server.get(indexes + "/efforts_vec_hnsw")
                        .json()
                        .at("/parameters/ef")
                        .asInt())
                .isEqualTo(321);
        assertThat(server.get(indexes).raw().body())
                .contains("\"probes\":7")
                .contains("\"parameters\":{\"lists\":100}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"select", "it's", "a \"quoted\" name", "a.b.c", "größe 名前", "x); drop table notes; --"})
    void indexColumnsOfAnyName(String name) {
        String table = "/api/v1/tables/t" + Integer.toHexString(name.hashCode());
        String column = TestServer.JSON.writeValueAsString(name);
        String vector = TestServer.JSON.writeValueAsString(name + " vec");
        server.post(
                "/api/v1/tables",
                "{\"name\": \"" + table.substring(15) + "\", \"columns\": [{\"name\": " + column
                        + ", \"type\": \"string\"}, {\"name\": " + vector
                        + ", \"type\": \"embedding\", \"dimensions\": 2}]}");
        server.post(
                table + "/rows",
                "{\"rows\": [{" + column + ": \"ford\", " + vector + ": [1, 0]}, {" + column + ": \"gate\"}]}");

        for (String kind : List.of("btree", "text", "vector")) {
            String body = kind.equals("vector")
                    ? "{\"column\": " + vector + ", \"method\": \"ivfflat\", \"metric\": \"cosine\"}"
                    : "{\"columns\": [" + column + "]}";
            TestServer.Reply made = server.post(table + "/indexes/" + kind, body);
            assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
            String index = made.json().path("index_name").asString();
            String path = table + "/indexes/"
                    + URLEncoder.encode(index, StandardCharsets.UTF_8).replace("+", "%20");
            assertThat(server.get(path).json().path("name").asString()).isEqualTo(index);
        }
        assertThat(server.post(
                                table + "/query",
                                "{\"where\": [{\"column\": " + column + ", \"operator\": \"=\", \"value\": \"ford\"}]}")
                        .json()
                        .path("rows"))
                .hasSize(1);
        assertThat(server.get(table + "/indexes").json().path("indexes")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        vector | {"method": "hnsw", "metric": "cosine"} | MISSING_FIELD | column
        vector | {"column": "vec", "metric": "cosine"} | MISSING_FIELD | method
        vector | {"column": "vec", "method": "hnsw"} | MISSING_FIELD | metric
        vector | {"column": "vec", "method": "flat", "metric": "cosine"} | INVALID_ARGUMENT | method
        vector | {"column": "vec", "method": "hnsw", "metric": "hamming"} | INVALID_ARGUMENT | metric
        vector | {"column": "vex", "method": "hnsw", "metric": "cosine"} | UNKNOWN_COLUMN | column
        vector | {"column": "title", "method": "hnsw", "metric": "cosine"} | WRONG_TYPE | column
        vector | {"column": "vec", "method": "hnsw", "metric": "cosine", "parameters": {"lists": 5}} | UNKNOWN_FIELD | parameters.lists
        vector | {"column": "vec", "method": "ivfflat", "metric": "cosine", "parameters": {"m": 5}} | UNKNOWN_FIELD | parameters.m
        vector | {"column": "vec", "method": "hnsw", "metric": "cosine", "parameters": {"m": 0}} | OUT_OF_RANGE | parameters.m
        vector | {"column": "vec", "method": "hnsw", "metric": "cosine", "parameters": {"em": 1}} | UNKNOWN_FIELD | parameters.em
        vector | {"column": "vec", "method": "hnsw", "metric": "cosine", "parameters": {"ef": 0}} | OUT_OF_RANGE | parameters.ef
        vector | {"column": "vec", "method": "hnsw", "metric": "cosine", "parameters": {"probes": 9}} | UNKNOWN_FIELD | parameters.probes
        vector | {"column": "vec", "method": "ivfflat", "metric": "cosine", "parameters": {"probes": 10001}} | OUT_OF_RANGE | parameters.probes
        btree | {"columns": []} | MISSING_FIELD | columns
        btree | {"columns": ["vec"]} | WRONG_TYPE | columns[0]
        btree | {"columns": ["tags"]} | WRONG_TYPE | columns[0]
        btree | {"columns": ["year", "yeer"]} | UNKNOWN_COLUMN | columns[1]
        text | {"columns": ["year"]} | WRONG_TYPE | columns[0]
        """)
    void namesWhatIsWrong(String kind, String body, String code, String field) {
        TestServer.Reply refused = server.post(INDEXES + "/" + kind, body);
        assertThat(refused.status()).as(refused.raw().body()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.json().path("field").asString()).isEqualTo(field);
    }

    @Test
    void knowsNoIndexesOfATableThatIsNotThere() {
        assertThat(server.get("/api/v1/tables/nobody/indexes").status()).isEqualTo(404);
        assertThat(server.post("/api/v1/tables/nobody/indexes/btree", "{\"columns\": [\"a\"]}")
                        .status())
                .isEqualTo(404);
    }
}
