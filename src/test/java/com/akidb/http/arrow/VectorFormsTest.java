package com.akidb.http.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.TestServer;
import com.akidb.vector.VectorCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors that come as base64 or in streams of Arrow. Set {@code -Dakidb.seed} to repeat what is random. */
class VectorFormsTest {

    private static final float[] VECTOR = {1, 0.5f, -2};
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
        server.post("/collections", "{\"name\": \"docs\", \"dimension\": 3, \"metric\": \"euclidean\"}");
        server.post("/api/v1/tables", """
            {"name": "rows", "primary_key": "id", "columns": [{"name": "id", "type": "int"},
              {"name": "title", "type": "string"}, {"name": "vec", "type": "embedding", "dimensions": 3}]}
            """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String float32(float... values) {
        return "\"" + VectorCodec.encodeBase64(values) + "\"";
    }

    private static String float16(float... values) {
        ByteBuffer halves = ByteBuffer.allocate(values.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            halves.putShort(Float.floatToFloat16(value));
        }
        return "{\"float16\": \"" + Base64.getEncoder().encodeToString(halves.array()) + "\"}";
    }

    private static TestServer.Reply send(String path, String type, byte[] body) {
        return server.send(
                server.to(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private static TestServer.Reply arrow(String path, byte[] body) {
        return send(path, "application/vnd.apache.arrow.stream", body);
    }

    private static void assertDocument(String id) {
        assertThat(server.get("/collections/docs/documents/" + id + "?include_vector=true&encoding_format=base64")
                        .json()
                        .path("vector")
                        .asString())
                .isEqualTo(VectorCodec.encodeBase64(VECTOR));
    }

    private static void assertRow(int id) {
        assertThat(server.get("/api/v1/tables/rows/rows/" + id + "?include_vectors=true&encoding_format=base64")
                        .json()
                        .path("vec")
                        .asString())
                .isEqualTo(VectorCodec.encodeBase64(VECTOR));
    }

    @Test
    void takesBase64InDocumentsAloneInBatchesInLinesAndInChanges() {
        String path = "/collections/docs/documents";
        String lines = "{\"id\": \"l32\", \"text\": \"\", \"vector\": " + float32(VECTOR) + "}\n"
                + "{\"id\": \"l16\", \"text\": \"\", \"vector\": " + float16(VECTOR) + "}";

        assertThat(server.post(path, "{\"id\": \"b32\", \"text\": \"\", \"vector\": " + float32(VECTOR) + "}")
                        .status())
                .isEqualTo(201);
        assertThat(server.post(
                                path,
                                "{\"documents\": [{\"id\": \"b16\", \"text\": \"\", \"vector\": " + float16(VECTOR)
                                        + "}]}")
                        .status())
                .isEqualTo(201);
        assertThat(send(path, "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(201);
        for (String id : List.of("b32", "b16", "l32", "l16")) {
            assertDocument(id);
        }
        server.patch(path + "/b32", "{\"vector\": " + float32(3, 2, 1) + "}");
        assertThat(server.patch(path + "/b32", "{\"vector\": " + float16(VECTOR) + "}")
                        .status())
                .isEqualTo(200);
        assertDocument("b32");
    }

    @Test
    void takesBase64InRowsInLinesAndInChanges() {
        String path = "/api/v1/tables/rows/rows";
        String lines = "{\"id\": 12, \"vec\": " + float32(VECTOR) + "}\n{\"id\": 13, \"vec\": " + float16(VECTOR) + "}";

        assertThat(server.post(
                                path,
                                "{\"rows\": [{\"id\": 10, \"vec\": " + float32(VECTOR) + "}, {\"id\": 11, \"vec\": "
                                        + float16(VECTOR) + "}]}")
                        .status())
                .isEqualTo(201);
        assertThat(send(path, "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(201);
        server.patch(path + "/10", "{\"values\": {\"vec\": " + float32(3, 2, 1) + "}}");
        assertThat(server.patch(path + "/10", "{\"values\": {\"vec\": " + float16(VECTOR) + "}}")
                        .status())
                .isEqualTo(200);
        for (int id = 10; id < 14; id++) {
            assertRow(id);
        }
    }

    @Test
    void searchesByEveryForm() {
        server.post(
                "/collections/docs/documents",
                "{\"id\": \"far\", \"text\": \"\", \"vector\": " + float32(90, 90, 90) + "}");
        for (String vector : List.of("[90, 90, 90]", float32(90, 90, 90), float16(90, 90, 90))) {
            TestServer.Reply found = server.post("/collections/docs/search", "{\"vector\": " + vector + ", \"k\": 1}");

            assertThat(found.raw().body()).contains("\"id\":\"far\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"*\"', WRONG_TYPE, documents[1].vector",
        "'\"AAA=\"', WRONG_TYPE, documents[1].vector",
        "'\"AADAfwAAAAAAAAAA\"', OUT_OF_RANGE, documents[1].vector[0]",
        "'\"AAAAAAAAgH8AAAAA\"', OUT_OF_RANGE, documents[1].vector[1]",
        "'\"AAAAAAAAAAA=\"', DIMENSION_MISMATCH, documents[1].vector",
        "'{\"float16\": \"AAAA\"}', WRONG_TYPE, documents[1].vector.float16",
        "'{\"float16\": \"AAAAfAAA\"}', OUT_OF_RANGE, documents[1].vector.float16[1]",
        "'{\"float8\": \"AAAA\"}', UNKNOWN_FIELD, documents[1].vector.float8",
        "'{}', MISSING_FIELD, documents[1].vector"
    })
    void refusesWhatIsNoVector(String vector, String code, String field) {
        TestServer.Reply refused = server.post(
                "/collections/docs/documents",
                "{\"documents\": [{\"id\": \"no\", \"text\": \"\", \"vector\": [0, 0, 0]},"
                        + " {\"text\": \"\", \"vector\": " + vector + "}]}");

        assertThat(refused.status()).as(refused.raw().body()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.json().path("field").asString()).isEqualTo(field);
        assertThat(server.get("/collections/docs/documents/no").status()).isEqualTo(404);
    }

    /** How the vectors of a stream are typed. */
    enum Vectors {
        FIXED32,
        FIXED16,
        LIST32,
        LIST64
    }

    @ParameterizedTest
    @EnumSource
    void takesDocumentsAndRowsFromArrow(Vectors form) throws IOException {
        byte[] documents = stream(form, "text", false, VECTOR, VECTOR);
        byte[] rows = stream(form, "title", true, VECTOR, VECTOR);

        TestServer.Reply inserted = arrow("/collections/docs/documents", documents);
        TestServer.Reply first = arrow("/api/v1/tables/rows/rows?on_conflict=replace", rows);

        assertThat(inserted.status()).as(inserted.raw().body()).isEqualTo(201);
        assertThat(inserted.json().path("results").size()).isEqualTo(2);
        assertDocument("0");
        assertDocument("1");
        assertThat(first.status()).as(first.raw().body()).isEqualTo(201);
        assertRow(0);
        assertRow(1);
        assertThat(arrow("/api/v1/tables/rows/rows", rows).status()).isEqualTo(409);
    }

    @ParameterizedTest
    @EnumSource
    void namesTheRowAndTheNumberThatIsNotFinite(Vectors form) throws IOException {
        TestServer.Reply refused =
                arrow("/api/v1/tables/rows/rows", stream(form, "title", true, VECTOR, new float[] {0, Float.NaN, 0}));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("OUT_OF_RANGE");
        assertThat(refused.json().path("field").asString()).isEqualTo("rows[1].vec[1]");
    }

    @Test
    void refusesVectorsOfAnotherLengthAndColumnsThatAreNotThere() throws IOException {
        TestServer.Reply length = arrow(
                "/collections/docs/documents",
                stream(Vectors.FIXED32, "text", false, new float[] {1, 2}, new float[2]));
        TestServer.Reply column =
                arrow("/collections/docs/documents", stream(Vectors.FIXED32, "txt", false, VECTOR, VECTOR));
        TestServer.Reply inTable = arrow("/api/v1/tables/rows/rows", stream(Vectors.FIXED32, "text", true, VECTOR));
        TestServer.Reply type = arrow("/api/v1/tables/rows/rows", stream(Vectors.FIXED32, "title", false, VECTOR));

        assertThat(length.status()).isEqualTo(400);
        assertThat(length.code()).isEqualTo("DIMENSION_MISMATCH");
        assertThat(length.json().path("field").asString()).isEqualTo("documents[0].vector");
        assertThat(column.status()).isEqualTo(400);
        assertThat(column.json().path("field").asString()).isEqualTo("txt");
        assertThat(inTable.status()).isEqualTo(400);
        assertThat(type.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ARROW1", "{\"rows\": []}", "\u00ff\u00ff\u00ff\u00ff\u0000\u0000\u0000\u007f"})
    void refusesWhatIsNoStream(String body) {
        TestServer.Reply refused = arrow("/api/v1/tables/rows/rows", body.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(refused.status()).isEqualTo(400);
    }

    @Test
    void refusesArrowWhereItIsNotTaken() {
        TestServer.Reply refused = arrow("/collections", new byte[8]);

        assertThat(refused.status()).isEqualTo(415);
        assertThat(refused.header("Accept")).isEqualTo("application/json");
        assertThat(send("/collections/docs/documents", "text/csv", new byte[8]).header("Accept"))
                .contains("application/vnd.apache.arrow.stream");
    }

    /** Whatever bytes come, it is rows or a refusal that says so, and no more is allocated than a few times the body. */
    @Test
    void readsDamagedStreamsWithoutHarm() throws IOException {
        long seed = Long.getLong("akidb.seed", System.nanoTime());
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = stream(round);
            int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length;
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                int at = random.nextInt(bytes.length);
                bytes[at] =
                        random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << random.nextInt(8));
            }
            long[] read = new long[1];
            try {
                ArrowStream arrow = new ArrowStream(bytes, length, "rows");
                arrow.rows((row, index) -> {
                    if (index == 10_000) {
                        throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "too many");
                    }
                    for (ArrowColumn column : arrow.columns()) {
                        read[0] += column.isNull(row) ? 0 : size(column, row, arrow.at(index, column));
                    }
                });
            } catch (InvalidInputException expected) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
            assertThat(read[0]).as("seed " + seed + " round " + round).isLessThanOrEqualTo(4L * bytes.length);
        }
        assertThat(refused).isPositive();
    }

    private static long size(ArrowColumn column, int row, String field) {
        return switch (column.name()) {
            case "vector", "vec" -> column.vector(row, field).length * 4L;
            case "id" -> column.isText() ? column.text(row, field).length() : column.integer(row, field) & 1;
            default -> column.isText() ? column.text(row, field).length() : 0;
        };
    }

    private static final List<byte[]> SAMPLES = new ArrayList<>();

    private static byte[] stream(int round) throws IOException {
        if (SAMPLES.isEmpty()) {
            for (Vectors form : Vectors.values()) {
                SAMPLES.add(stream(form, "text", false, VECTOR, VECTOR, VECTOR));
                SAMPLES.add(stream(form, "title", true, VECTOR, VECTOR, VECTOR));
            }
        }
        return SAMPLES.get(round % SAMPLES.size()).clone();
    }

    /** Two batches alike but for their ids, of a row for each vector; the first also comes with a text. */
    private static byte[] stream(Vectors form, String text, boolean isTable, float[]... vectors) throws IOException {
        try (RootAllocator memory = new RootAllocator()) {
            Field ids = new Field(
                    "id", FieldType.nullable(isTable ? new ArrowType.Int(64, true) : new ArrowType.Utf8()), null);
            Field texts = new Field(text, FieldType.nullable(new ArrowType.Utf8()), null);
            FloatingPointPrecision precision = switch (form) {
                case FIXED32, LIST32 -> FloatingPointPrecision.SINGLE;
                case FIXED16 -> FloatingPointPrecision.HALF;
                case LIST64 -> FloatingPointPrecision.DOUBLE;
            };
            Field item = new Field("item", FieldType.nullable(new ArrowType.FloatingPoint(precision)), null);
            boolean fixed = form == Vectors.FIXED32 || form == Vectors.FIXED16;
            ArrowType list = fixed ? new ArrowType.FixedSizeList(vectors[0].length) : new ArrowType.List();
            Field vector = new Field(isTable ? "vec" : "vector", FieldType.nullable(list), List.of(item));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of(ids, texts, vector)), memory);
                    ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
                writer.start();
                int middle = vectors.length / 2;
                batch(root, 0, Arrays.copyOfRange(vectors, 0, middle));
                writer.writeBatch();
                batch(root, middle, Arrays.copyOfRange(vectors, middle, vectors.length));
                writer.writeBatch();
                writer.end();
            }
            return bytes.toByteArray();
        }
    }

    private static void batch(VectorSchemaRoot root, int first, float[][] vectors) {
        root.allocateNew();
        for (int row = 0; row < vectors.length; row++) {
            switch (root.getVector(0)) {
                case BigIntVector ids -> ids.setSafe(row, first + row);
                case VarCharVector ids ->
                    ids.setSafe(row, Integer.toString(first + row).getBytes(StandardCharsets.UTF_8));
                default -> throw new IllegalStateException();
            }
            ((VarCharVector) root.getVector(1)).setSafe(row, "täxt".getBytes(StandardCharsets.UTF_8));
            int at;
            FieldVector items;
            if (root.getVector(2) instanceof FixedSizeListVector list) {
                at = list.startNewValue(row);
                items = list.getDataVector();
            } else {
                ListVector list = (ListVector) root.getVector(2);
                at = list.startNewValue(row);
                list.endValue(row, vectors[row].length);
                items = list.getDataVector();
            }
            for (int i = 0; i < vectors[row].length; i++) {
                switch (items) {
                    case Float2Vector halves -> halves.setSafeWithPossibleTruncate(at + i, vectors[row][i]);
                    case Float4Vector singles -> singles.setSafe(at + i, vectors[row][i]);
                    case Float8Vector doubles -> doubles.setSafe(at + i, vectors[row][i]);
                    default -> throw new IllegalStateException();
                }
            }
        }
        root.setRowCount(vectors.length);
    }
}
