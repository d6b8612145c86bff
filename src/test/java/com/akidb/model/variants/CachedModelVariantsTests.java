package com.akidb.model.variants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.akidb.error.CorruptDataException;
import com.akidb.error.InvalidInputException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelVariants.Precision;
import com.akidb.model.ModelVariants.Variant;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CachedModelVariantsTests {

    private static final int ROWS = 96;
    private static final int COLUMNS = 80;
    private static final String FINGERPRINT = "0123456789abcdef".repeat(4);

    @TempDir
    private Path directory;

    private final AtomicInteger tried = new AtomicInteger();
    private final float[] weights = new float[ROWS * COLUMNS];
    private Path model;
    private CachedModelVariants variants;

    @BeforeEach
    void write() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-1, 1);
        }
        model = directory.resolve("model.onnx");
        Files.write(model, graph("MatMul", 9).toByteArray());
        variants = new CachedModelVariants(directory.resolve("cache"));
    }

    private ModelFiles files() {
        return new ModelFiles(model, directory.resolve("tokenizer.json"), FINGERPRINT, 1);
    }

    private Variant get(Precision precision) {
        return variants.get(files(), precision, graph -> {
            tried.incrementAndGet();
            return 0.9995;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "MatMul, FP16, 9",
        "MatMul, INT8, 9",
        "MatMul, INT8, 4",
        "Gather, FP16, 9",
        "Gather, INT8, 9",
        "Gather2, FP16, 9",
        "Gather2, INT8, 9"
    })
    void computesNearlyTheSame(String operator, Precision precision, int data) throws Exception {
        Files.write(model, graph(operator, data).toByteArray());
        Variant variant = get(precision);

        float[] expected = run(model, operator);
        float[] results = run(variant.file(), operator);
        double tolerance = precision == Precision.FP16 ? 0.003 : 0.05;
        assertThat(results).hasSameSizeAs(expected);
        for (int i = 0; i < results.length; i++) {
            assertThat(results[i]).isCloseTo(expected[i], within((float) tolerance));
        }
        assertThat(results).isNotEqualTo(expected);
        assertThat(variant.bytes()).isLessThan(Files.size(model) * (precision == Precision.FP16 ? 6 : 4) / 10);
    }

    @Test
    void keepsWhatItDoesNotKnow() throws IOException {
        UnknownFieldSet known = graph("MatMul", 9);
        UnknownFieldSet strange = UnknownFieldSet.newBuilder(known)
                .addField(
                        200,
                        Field.newBuilder()
                                .addFixed64(7)
                                .addFixed32(8)
                                .addVarint(9)
                                .build())
                .build();
        Files.write(model, strange.toByteArray());

        UnknownFieldSet written =
                UnknownFieldSet.parseFrom(Files.readAllBytes(get(Precision.FP16).file()));

        assertThat(written.getField(200)).isEqualTo(strange.getField(200));
        assertThat(written.getField(8)).isEqualTo(strange.getField(8));
    }

    @Test
    void givesTheModelsOwnFileAsItIs() throws IOException {
        Variant whole = get(Precision.FP32);

        assertThat(whole.file()).isEqualTo(model);
        assertThat(whole.bytes()).isEqualTo(Files.size(model));
        assertThat(whole.lowestCosine()).isEqualTo(1);
        assertThat(tried).hasValue(0);
    }

    @Test
    void makesAVariantOnce() {
        Variant first = get(Precision.INT8);
        CachedModelVariants again = new CachedModelVariants(directory.resolve("cache"));

        assertThat(first.lowestCosine()).isEqualTo(0.9995);
        assertThat(get(Precision.INT8)).isEqualTo(first);
        assertThat(again.get(files(), Precision.INT8, graph -> 0)).isEqualTo(first);
        assertThat(tried).hasValue(1);
    }

    @Test
    void makesAVariantOnceForAllWhoAskAtATime() {
        List<Variant> all = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> get(Precision.FP16))
                .toList();

        assertThat(all).containsOnly(all.getFirst());
        assertThat(tried).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "changed", "gone", "note gone", "note damaged"})
    void repairsWhatIsDamaged(String damage) throws IOException {
        Variant first = get(Precision.INT8);
        byte[] bytes = Files.readAllBytes(first.file());
        Path note = first.file().resolveSibling("int8.txt");
        switch (damage) {
            case "cut" -> Files.write(first.file(), Arrays.copyOf(bytes, bytes.length / 2));
            case "changed" -> {
                byte[] changed = bytes.clone();
                changed[changed.length / 2]++;
                Files.write(first.file(), changed);
            }
            case "gone" -> Files.delete(first.file());
            case "note gone" -> Files.delete(note);
            default -> Files.writeString(note, "12");
        }

        Variant again = get(Precision.INT8);

        assertThat(again).isEqualTo(first);
        assertThat(Files.readAllBytes(again.file())).isEqualTo(bytes);
        assertThat(tried).hasValue(2);
    }

    @Test
    void leavesNothingBehindWhenAVariantCannotBeTried() throws IOException {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> variants.get(files(), Precision.INT8, graph -> {
                    throw new IllegalStateException("no");
                }));

        try (Stream<Path> left = Files.walk(directory.resolve("cache"))) {
            assertThat(left.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".onnx"));
        }
        assertThat(get(Precision.INT8).bytes()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void saysThatTheModelIsCut(Precision precision) throws IOException {
        Files.write(model, Arrays.copyOf(Files.readAllBytes(model), 20_000));

        assertThatExceptionOfType(CorruptDataException.class).isThrownBy(() -> get(precision));
    }

    @Test
    void refusesAModelWithFilesBesideItsGraph() throws IOException {
        UnknownFieldSet location =
                message().text(1, "location").text(2, "weights.bin").build();
        UnknownFieldSet tensor = message().text(8, "W").message(13, location).build();
        UnknownFieldSet graph = message().message(5, tensor).build();
        Files.write(model, message().message(7, graph).build().toByteArray());

        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> get(Precision.FP32));
    }

    private float[] run(Path file, String operator) throws OrtException {
        boolean gathers = operator.startsWith("Gather");
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        float[] numbers = new float[ROWS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) Math.sin(i);
        }
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor input = gathers
                        ? operator.equals("Gather")
                                ? OnnxTensor.createTensor(environment, new long[] {5, 0, 95})
                                : OnnxTensor.createTensor(environment, new long[][] {{5, 0, 95}})
                        : OnnxTensor.createTensor(environment, FloatBuffer.wrap(numbers), new long[] {1, ROWS});
                OrtSession.Result result = session.run(Map.of("X", input))) {
            float[] values = new float[gathers ? 3 * COLUMNS : COLUMNS];
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(values);
            return values;
        }
    }

    /**
     * A graph of one operator over a matrix; {@code Gather2} is {@code Gather} by indices of two dimensions.
     *
     * @param data the field that the matrix is in: 4 as packed numbers, 9 as bytes
     */
    private UnknownFieldSet graph(String operator, int data) {
        boolean gathers = operator.startsWith("Gather");
        boolean grid = operator.equals("Gather2");
        ByteBuffer bytes = ByteBuffer.allocate(weights.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(weights);
        UnknownFieldSet tensor = message()
                .number(1, ROWS)
                .number(1, COLUMNS)
                .number(2, 1)
                .text(8, "W")
                .bytes(data, bytes.array())
                .build();
        Message node = message().text(1, gathers ? "W" : "X").text(1, gathers ? "X" : "W");
        UnknownFieldSet graph = message()
                .message(
                        1, node.text(2, "Y").text(4, grid ? "Gather" : operator).build())
                .text(2, "graph")
                .message(5, tensor)
                .message(
                        11,
                        value(
                                "X",
                                gathers ? 7 : 1,
                                grid ? new long[] {1, 3} : gathers ? new long[] {3} : new long[] {1, ROWS}))
                .message(12, grid ? value("Y", 1, 1, 3, COLUMNS) : value("Y", 1, gathers ? 3 : 1, COLUMNS))
                .build();
        return message()
                .number(1, 6)
                .message(7, graph)
                .message(8, message().number(2, 11).build())
                .build();
    }

    private static UnknownFieldSet value(String name, int type, long... shape) {
        Message dims = message();
        for (long length : shape) {
            dims.message(1, message().number(1, length).build());
        }
        UnknownFieldSet tensor =
                message().number(1, type).message(2, dims.build()).build();
        return message()
                .text(1, name)
                .message(2, message().message(1, tensor).build())
                .build();
    }

    private static Message message() {
        return new Message();
    }

    /** A message of the wire format, field by field. */
    private static final class Message {
        private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

        Message number(int field, long value) {
            fields.mergeField(field, Field.newBuilder().addVarint(value).build());
            return this;
        }

        Message text(int field, String value) {
            return add(field, ByteString.copyFromUtf8(value));
        }

        Message bytes(int field, byte[] value) {
            return add(field, ByteString.copyFrom(value));
        }

        Message message(int field, UnknownFieldSet value) {
            return add(field, value.toByteString());
        }

        private Message add(int field, ByteString value) {
            fields.mergeField(
                    field, Field.newBuilder().addLengthDelimited(value).build());
            return this;
        }

        UnknownFieldSet build() {
            return fields.build();
        }
    }
}
