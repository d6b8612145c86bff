package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of wrong request gets its own name, and the field to blame. */
class BadRequestTest {

    private static final String DOCUMENTS = "/collections/shelf/documents";
    private static final String SEARCH = "/collections/shelf/search";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer("akidb.http.max-concurrent-requests=50");
        server.post("/collections", "{\"name\": \"shelf\"}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> wrongBodies() {
        return Stream.of(
                // Syntax
                wrong("/embed", "", "MALFORMED_JSON", ""),
                wrong("/embed", "{", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\"", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"a\"]", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"a\"],}", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"a\",]}", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"a\"]} x", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"a\"]}{}", "MALFORMED_JSON", ""),
                wrong("/embed", "{'texts':['a']}", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"a\nb\"]}", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"a\\x\"]}", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"\\u12\"]}", "MALFORMED_JSON", ""),
                wrong("/embed", "{\"texts\":[\"\\uZZZZ\"]}", "MALFORMED_JSON", ""),
                wrong("/embed", "\uFEFF{\"texts\":[\"a\"]}", "MALFORMED_JSON", ""),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[01]}", "MALFORMED_JSON", ""),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[1.]}", "MALFORMED_JSON", ""),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[-]}", "MALFORMED_JSON", ""),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[1e]}", "MALFORMED_JSON", ""),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":{1:2}}", "MALFORMED_JSON", ""),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":nul}", "MALFORMED_JSON", ""),
                // Types
                wrong("/embed", "[]", "WRONG_TYPE", ""),
                wrong("/embed", "\"a\"", "WRONG_TYPE", ""),
                wrong("/embed", "null", "WRONG_TYPE", ""),
                wrong("/embed", "{\"texts\":\"a\"}", "WRONG_TYPE", "texts"),
                wrong("/embed", "{\"texts\":null}", "WRONG_TYPE", "texts"),
                wrong("/embed", "{\"texts\":[\"a\",7]}", "WRONG_TYPE", "texts[1]"),
                wrong("/embed", "{\"texts\":[[\"a\"]]}", "WRONG_TYPE", "texts[0]"),
                wrong("/embed", "{\"texts\":[\"a\"],\"model\":5}", "WRONG_TYPE", "model"),
                wrong("/embed", "{\"texts\":[\"a\"],\"normalize\":\"yes\"}", "WRONG_TYPE", "normalize"),
                wrong("/embed", "{\"texts\":[\"a\"],\"dimensions\":1.5}", "WRONG_TYPE", "dimensions"),
                wrong("/embed", "{\"texts\":[\"a\"],\"dimensions\":\"3\"}", "WRONG_TYPE", "dimensions"),
                wrong(DOCUMENTS, "{\"text\":[]}", "WRONG_TYPE", "text"),
                wrong(DOCUMENTS, "{\"documents\":{}}", "WRONG_TYPE", "documents"),
                wrong(DOCUMENTS, "{\"documents\":[7]}", "WRONG_TYPE", "documents[0]"),
                wrong(DOCUMENTS, "{\"documents\":[{\"text\":true}]}", "WRONG_TYPE", "documents[0].text"),
                wrong(
                        DOCUMENTS,
                        "{\"documents\":[{\"text\":\"a\"},{\"text\":\"b\",\"vector\":[1,\"2\"]}]}",
                        "WRONG_TYPE",
                        "documents[1].vector[1]"),
                wrong(SEARCH, "{\"query\":\"a\",\"k\":\"2\"}", "WRONG_TYPE", "k"),
                wrong(SEARCH, "{\"query\":\"a\",\"explain\":1}", "WRONG_TYPE", "explain"),
                wrong(SEARCH, "{\"query\":\"a\",\"filter\":7}", "WRONG_TYPE", "filter"),
                // Names
                wrong("/embed", "{\"text\":[\"a\"]}", "UNKNOWN_FIELD", "text"),
                wrong("/embed", "{\"texts\":[\"a\"],\"colour\":1}", "UNKNOWN_FIELD", "colour"),
                wrong(
                        DOCUMENTS,
                        "{\"documents\":[{\"text\":\"a\",\"vectr\":[]}]}",
                        "UNKNOWN_FIELD",
                        "documents[0].vectr"),
                wrong(DOCUMENTS, "{\"documents\":[{\"documents\":[]}]}", "UNKNOWN_FIELD", "documents[0].documents"),
                wrong("/collections", "{\"name\":\"a\",\"dim\":3}", "UNKNOWN_FIELD", "dim"),
                wrong("/embed", "{}", "MISSING_FIELD", "texts"),
                wrong("/collections", "{}", "MISSING_FIELD", "name"),
                wrong(DOCUMENTS, "{}", "MISSING_FIELD", "text"),
                wrong(DOCUMENTS, "{\"documents\":[{\"text\":\"a\"},{}]}", "MISSING_FIELD", "documents[1].text"),
                wrong(SEARCH, "{}", "MISSING_FIELD", "query"),
                wrong("/embed", "{\"texts\":[\"a\"],\"texts\":[\"b\"]}", "INVALID_ARGUMENT", "texts"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":{\"a\":1,\"a\":2}}", "INVALID_ARGUMENT", "metadata"),
                // Numbers
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[0,NaN,1]}", "OUT_OF_RANGE", "vector[1]"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[Infinity]}", "OUT_OF_RANGE", "vector[0]"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[0,0,-Infinity]}", "OUT_OF_RANGE", "vector[2]"),
                wrong(
                        DOCUMENTS,
                        "{\"documents\":[{\"text\":\"a\"},{\"text\":\"b\",\"vector\":[1,1e39]}]}",
                        "OUT_OF_RANGE",
                        "documents[1].vector[1]"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[-3.5e38]}", "OUT_OF_RANGE", "vector[0]"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":1e999}", "OUT_OF_RANGE", "metadata"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":[NaN]}", "OUT_OF_RANGE", "metadata"),
                wrong(SEARCH, "{\"query\":\"a\",\"k\":0}", "OUT_OF_RANGE", "k"),
                wrong(SEARCH, "{\"query\":\"a\",\"k\":1001}", "OUT_OF_RANGE", "k"),
                wrong(SEARCH, "{\"query\":\"a\",\"limit\":-1}", "OUT_OF_RANGE", "limit"),
                wrong(SEARCH, "{\"query\":\"a\",\"k\":1e300}", "OUT_OF_RANGE", "k"),
                wrong(SEARCH, "{\"query\":\"a\",\"threshold\":NaN}", "OUT_OF_RANGE", "threshold"),
                wrong("/collections", "{\"name\":\"a\",\"dimension\":0}", "OUT_OF_RANGE", "dimension"),
                wrong("/embed", "{\"texts\":[\"a\"],\"dimensions\":-1}", "OUT_OF_RANGE", "dimensions"),
                // Strings
                wrong("/embed", "{\"texts\":[\"a\",\"\\ud800\"]}", "INVALID_ARGUMENT", "texts[1]"),
                wrong("/embed", "{\"texts\":[\"\\udc00 x\"]}", "INVALID_ARGUMENT", "texts[0]"),
                wrong("/embed", "{\"texts\":[\"\\ud800\\u0041\"]}", "INVALID_ARGUMENT", "texts[0]"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":{\"k\":\"\\ud800\"}}", "INVALID_ARGUMENT", "metadata"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":{\"\\ud800\":1}}", "INVALID_ARGUMENT", "metadata"),
                // Values
                wrong("/embed", "{\"texts\":[]}", "INVALID_ARGUMENT", "texts"),
                wrong("/embed", "{\"texts\":[" + "\"a\",".repeat(32) + "\"a\"]}", "OUT_OF_RANGE", "texts"),
                wrong("/embed", "{\"texts\":[\"a\"],\"pooling\":\"max\"}", "INVALID_ARGUMENT", "pooling"),
                wrong("/embed", "{\"texts\":[\"a\"],\"model\":\"gpt\"}", "UNKNOWN_MODEL", "model"),
                wrong("/embed", "{\"texts\":[\"a\"],\"input_type\":\"x\"}", "INVALID_ARGUMENT", "input_type"),
                wrong("/embed", "{\"texts\":[\"a\"],\"encoding_format\":\"x\"}", "INVALID_ARGUMENT", "encoding_format"),
                wrong("/collections", "{\"name\":\"a\",\"metric\":\"cos\"}", "INVALID_ARGUMENT", "metric"),
                wrong(DOCUMENTS, "{\"documents\":[]}", "INVALID_ARGUMENT", "documents"),
                wrong(
                        DOCUMENTS,
                        "{\"documents\":[" + "{\"text\":\"a\"},".repeat(1000) + "{\"text\":\"a\"}]}",
                        "OUT_OF_RANGE",
                        "documents"),
                wrong(DOCUMENTS, "{\"documents\":[{\"text\":\"a\"}],\"text\":\"b\"}", "INVALID_ARGUMENT", "text"),
                wrong(
                        DOCUMENTS,
                        "{\"text\":\"a\",\"id\":\"1\",\"external_id\":\"2\"}",
                        "INVALID_ARGUMENT",
                        "external_id"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"on_conflict\":\"skip\"}", "INVALID_ARGUMENT", "on_conflict"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[1,2]}", "DIMENSION_MISMATCH", "vector"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[]}", "DIMENSION_MISMATCH", "vector"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"vector\":[0,0,0]}", "OUT_OF_RANGE", "vector"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":" + nested(65) + "}", "OUT_OF_RANGE", "metadata"),
                wrong(DOCUMENTS, "{\"text\":\"a\",\"metadata\":" + "[".repeat(500_000), "OUT_OF_RANGE", "metadata"),
                wrong("/embed", "{\"texts\":" + "[".repeat(500_000), "WRONG_TYPE", "texts[0]"),
                wrong(SEARCH, "{\"vector\":[1,2,3],\"query_vector\":[3,2,1]}", "INVALID_ARGUMENT", "query_vector"),
                wrong(SEARCH, "{\"query\":\"a\",\"k\":1,\"limit\":2}", "INVALID_ARGUMENT", "limit"));
    }

    private static Arguments wrong(String path, String body, String code, String field) {
        return Arguments.of(path, body, code, field);
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    @ParameterizedTest
    @MethodSource("wrongBodies")
    void refusesAWrongBody(String path, String body, String code, String field) {
        TestServer.Reply reply = server.post(path, body);

        assertThat(reply.status()).isEqualTo(400);
        if (!code.isEmpty()) {
            assertThat(reply.code()).isEqualTo(code);
            assertThat(reply.json().path("field").asString("")).isEqualTo(field);
            assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(reply.json().path("status").asInt()).isEqualTo(400);
            assertThat(reply.json().path("error")).isEqualTo(reply.json().path("detail"));
        }
    }

    @ParameterizedTest
    @MethodSource
    void refusesInvalidUtf8(byte[] text) {
        byte[] head = "{\"texts\": [\"x".getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\"]}".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[head.length + text.length + tail.length];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(text, 0, body, head.length, text.length);
        System.arraycopy(tail, 0, body, head.length + text.length, tail.length);

        TestServer.Reply reply = server.post("/embed", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("MALFORMED_JSON");
    }

    static Stream<byte[]> refusesInvalidUtf8() {
        return Stream.of(
                bytes(0xFF), bytes(0xC3), bytes(0xC0, 0xAF), bytes(0xED, 0xA0, 0x80), bytes(0xF5, 0x80, 0x80, 0x80));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/embed       | {\"texts\":[]}                       | texts cannot be empty",
                "/collections/shelf/documents | {\"text\":\"a\",\"vector\":[0.6,0.8]} |"
                        + " Vector dimension mismatch: got 2, expected 3",
                "/embed       | {\"text\":[\"a\"]}                   | Unknown field 'text'; did you mean 'texts'?",
                "/embed       | {\"texts\":[3]}                      | texts[0] must be a string, not a number"
            })
    void saysWhatIsWrongInASentence(String path, String body, String sentence) {
        assertThat(server.post(path, body).json().path("error").asString()).isEqualTo(sentence);
    }

    @Test
    void saysHowManyTextsThereMayBe() {
        TestServer.Reply reply = server.post("/embed", "{\"texts\":[" + "\"a\",".repeat(32) + "\"a\"]}");

        assertThat(reply.json().path("error").asString()).isEqualTo("Maximum 32 texts per request");
        assertThat(server.post("/embed", "{\"texts\":[" + "\"a\",".repeat(31) + "\"a\"]}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/collections/shelf/documents?limit=0, OUT_OF_RANGE, limit",
        "/collections/shelf/documents?limit=1001, OUT_OF_RANGE, limit",
        "/collections/shelf/documents?limit=99999999999999, OUT_OF_RANGE, limit",
        "/collections/shelf/documents?limit=x, WRONG_TYPE, limit",
        "/collections/shelf/documents?limit=1&limit=2, INVALID_ARGUMENT, limit",
        "/collections/shelf/documents?include_vectors=yes, WRONG_TYPE, include_vectors",
        "/collections/shelf/documents?limits=1, UNKNOWN_FIELD, limits",
        "/collections?x=1, UNKNOWN_FIELD, x"
    })
    void refusesWrongQueryParameters(String path, String code, String field) {
        TestServer.Reply reply = server.get(path);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("field").asString()).isEqualTo(field);
    }
}
