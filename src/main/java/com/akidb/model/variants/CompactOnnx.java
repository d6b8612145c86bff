package com.akidb.model.variants;

import com.akidb.model.ModelVariants.Precision;
import com.akidb.model.files.DamagedFileException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites an ONNX graph so that its large matrices take fewer bytes. Each is stored under another name as fp16 or int8, and nodes at the
 * beginning of the graph make the float32 matrix of the old name out of it: {@code Cast}, and for int8 {@code Mul} by the scales of its
 * blocks. These are in every version of ONNX ({@code DequantizeLinear} takes blocks only from opset 21 on), and runtimes run them once, when they
 * load the graph. All else is copied byte by byte, also what this does not know. Reads the file where it lies, so that the memory it takes
 * does not depend on the model's size.
 *
 * <p>Numbers of fields are those of ONNX's {@code onnx.proto}.
 */
final class CompactOnnx {

    /** Of ModelProto. */
    private static final int GRAPH = 7;
    /** Of GraphProto. */
    private static final int NODE = 1;

    private static final int INITIALIZER = 5;
    private static final int INPUT = 11;

    /** Operators with graphs inside. */
    private static final Set<String> BRANCHING = Set.of("If", "Loop", "Scan");

    /** Smaller tensors stay as they are. */
    private static final long LEAST_WEIGHTS = 4096;

    private static final long MOST_ROWS = 1 << 22;
    private static final int LARGEST_CODE = 127;
    /** Scales of smaller blocks would take much room; of larger ones they would be too coarse. */
    private static final int BLOCK = 32;

    private static final int CHUNK = 1 << 16;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;

    private CompactOnnx(MemorySegment file) {
        this.file = file;
    }

    /**
     * Writes the graph anew.
     *
     * @param target is overwritten
     * @throws DamagedFileException if the file is no whole ONNX model
     */
    static void write(Path model, Path target, Precision precision) throws IOException {
        try (FileChannel channel = FileChannel.open(model, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined();
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), CHUNK)) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            for (Piece piece : new CompactOnnx(mapped).model(precision)) {
                piece.writeTo(out);
            }
        }
    }

    /** Some bytes of what is written. */
    private interface Piece {
        long size();

        void writeTo(OutputStream out) throws IOException;
    }

    /** Bytes that are here already. */
    private record Ready(byte[] bytes) implements Piece {

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }
    }

    /** Bytes that stay as they are. */
    private record Copied(MemorySegment bytes) implements Piece {

        @Override
        public long size() {
            return bytes.byteSize();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] chunk = new byte[CHUNK];
            for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
                int length = (int) Math.min(CHUNK, bytes.byteSize() - at);
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
                out.write(chunk, 0, length);
            }
        }
    }

    private List<Piece> model(Precision precision) throws DamagedFileException {
        List<Piece> model = new ArrayList<>();
        boolean found = false;
        for (Field field : fields(0, file.byteSize())) {
            if (field.number == GRAPH && field.isBytes()) {
                found = true;
                List<Piece> graph = graph(field, precision);
                model.add(new Ready(new Message().head(GRAPH, size(graph)).bytes()));
                model.addAll(graph);
            } else {
                model.add(copy(field));
            }
        }
        if (!found) {
            throw new DamagedFileException("the file is not an ONNX model");
        }
        return model;
    }

    private List<Piece> graph(Field graph, Precision precision) throws DamagedFileException {
        List<Field> fields = fields(graph.from, graph.end);
        Map<String, Matrix> matrices = matrices(fields);
        Map<Field, LookUp> lookUps = lookUps(fields, matrices);
        Set<Matrix> whole = new LinkedHashSet<>(matrices.values());
        lookUps.values().forEach(lookUp -> whole.remove(lookUp.table));
        List<Piece> pieces = new ArrayList<>();
        for (Matrix matrix : whole) {
            pieces.addAll(matrix.nodes(precision));
        }
        for (Field field : fields) {
            Matrix matrix = field.number == INITIALIZER && field.isBytes() ? matrices.get(nameOf(field)) : null;
            LookUp lookUp = lookUps.get(field);
            if (lookUp != null) {
                pieces.addAll(lookUp.nodes(precision));
            } else if (matrix != null) {
                pieces.addAll(matrix.stored(precision, whole.contains(matrix)));
            } else {
                pieces.add(copy(field));
            }
        }
        return pieces;
    }

    /**
     * A node that looks up rows of a table, which no other node uses. Only the rows are made float32: a vocabulary is most of a model.
     *
     * @param indices of texts by tokens
     */
    private record LookUp(Matrix table, String indices, String output) {

        List<Piece> nodes(Precision precision) {
            String name = table.name;
            if (precision == Precision.FP16) {
                return List.of(
                        Matrix.node("Gather", output + ".fp16", name + ".fp16", indices),
                        Matrix.node("Cast", output, output + ".fp16"));
            }
            return List.of(
                    Matrix.node("Gather", output + ".int8", name + ".int8", indices),
                    Matrix.node("Gather", output + ".scale", name + ".scale", indices),
                    Matrix.node("Cast", output + ".float", output + ".int8"),
                    Matrix.node("Mul", output + ".blocks", output + ".float", output + ".scale"),
                    Matrix.node("Reshape", output, output + ".blocks", name + ".shape"));
        }
    }

    /** The nodes that look up rows of tables, by their fields. */
    private Map<Field, LookUp> lookUps(List<Field> fields, Map<String, Matrix> matrices) throws DamagedFileException {
        Set<String> grids = new HashSet<>();
        for (Field field : fields) {
            if (field.number == INPUT && field.isBytes() && rank(field) == 2) {
                grids.add(textOf(field, 1));
            }
        }
        Map<Field, LookUp> lookUps = new LinkedHashMap<>();
        Map<String, Integer> uses = new HashMap<>();
        for (Field node : fields) {
            if (node.number != NODE || !node.isBytes()) {
                continue;
            }
            String operator = textOf(node, 4);
            if (BRANCHING.contains(operator)) {
                return Map.of(); // what is inside may use tables as well
            }
            List<String> inputs = new ArrayList<>();
            boolean ordinary = true;
            for (Field field : fields(node.from, node.end)) {
                if (field.number == 1) {
                    inputs.add(text(field));
                    uses.merge(text(field), 1, Integer::sum);
                } else if (field.number == 5) {
                    // AttributeProto.i, of the only attribute that there is: the axis
                    ordinary &= fields(field.from, field.end).stream()
                            .allMatch(each -> each.number != 3 || each.value == 0);
                }
            }
            Matrix table = operator.equals("Gather") && ordinary ? matrices.get(inputs.getFirst()) : null;
            if (table != null && grids.contains(inputs.getLast())) {
                lookUps.put(node, new LookUp(table, inputs.getLast(), textOf(node, 2)));
            }
        }
        lookUps.values().removeIf(lookUp -> !Integer.valueOf(1).equals(uses.get(lookUp.table.name)));
        return lookUps;
    }

    /** How many dimensions a graph's input has; -1 if that is not said. */
    private int rank(Field input) throws DamagedFileException {
        // ValueInfoProto.type 2, TypeProto.tensor_type 1, Tensor.shape 2, TensorShapeProto.dim 1
        Field shape = input;
        for (int number : new int[] {2, 1, 2}) {
            Field inner = null;
            for (Field field : fields(shape.from, shape.end)) {
                if (field.number == number && field.isBytes()) {
                    inner = field;
                }
            }
            if (inner == null) {
                return -1;
            }
            shape = inner;
        }
        return (int) fields(shape.from, shape.end).stream()
                .filter(field -> field.number == 1)
                .count();
    }

    /** The matrices that are worth it, by name. */
    private Map<String, Matrix> matrices(List<Field> fields) throws DamagedFileException {
        Map<String, Matrix> matrices = new LinkedHashMap<>();
        Set<String> inputs = new HashSet<>();
        for (Field field : fields) {
            if (field.number == INITIALIZER && field.isBytes()) {
                Matrix matrix = matrix(field);
                if (matrix != null) {
                    matrices.put(matrix.name, matrix);
                }
            } else if (field.number == INPUT && field.isBytes()) {
                // ValueInfoProto.name
                inputs.add(textOf(field, 1));
            }
        }
        // One that callers may give as well is not only made of what is stored.
        matrices.keySet().removeAll(inputs);
        for (Field field : fields) {
            if (field.number == NODE && field.isBytes()) {
                use(field, matrices);
            }
        }
        return matrices;
    }

    /** Blocks lie along the rows of a table that is looked up in, and along the columns of a matrix that is multiplied by. */
    private void use(Field node, Map<String, Matrix> matrices) throws DamagedFileException {
        // NodeProto: input 1, op_type 4
        List<Field> fields = fields(node.from, node.end);
        boolean gathers = textOf(node, 4).equals("Gather");
        Field first =
                fields.stream().filter(field -> field.number == 1).findFirst().orElse(null);
        Matrix matrix = first == null || !gathers ? null : matrices.get(text(first));
        if (matrix != null) {
            matrices.put(matrix.name, matrix.byRows());
        }
    }

    /** A tensor that is a large matrix of float32 with its data inside; null if it is something else. */
    private @Nullable Matrix matrix(Field tensor) throws DamagedFileException {
        List<Long> dims = new ArrayList<>();
        long type = 0;
        Field data = null;
        for (Field field : fields(tensor.from, tensor.end)) {
            // TensorProto: dims 1, data_type 2, float_data 4 (packed it is the same bytes), raw_data 9
            switch (field.number) {
                case 1 -> dims.addAll(numbers(field));
                case 2 -> type = field.value;
                case 4, 9 -> data = field;
                default -> {}
            }
        }
        if (dims.size() != 2 || type != Type.FLOAT || data == null || !data.isBytes()) {
            return null;
        }
        long rows = dims.get(0);
        long columns = dims.get(1);
        long bytes = data.end - data.from;
        boolean fits = columns > 0 && columns <= CHUNK && rows > 0 && rows == bytes / (columns * Float.BYTES);
        if (!fits || bytes != rows * columns * Float.BYTES || rows * columns < LEAST_WEIGHTS || rows > MOST_ROWS) {
            return null;
        }
        MemorySegment weights = file.asSlice(data.from, bytes);
        return new Matrix(nameOf(tensor), (int) rows, (int) columns, weights, false);
    }

    /** Values of TensorProto.DataType. */
    private static final class Type {
        static final int FLOAT = 1;
        static final int INT8 = 3;
        static final int INT64 = 7;
        static final int FLOAT16 = 10;
    }

    /**
     * A matrix of the model.
     *
     * @param alongRows whether weights of a row share a scale; otherwise weights of a column do
     */
    private record Matrix(String name, int rows, int columns, MemorySegment weights, boolean alongRows) {

        Matrix byRows() {
            return new Matrix(name, rows, columns, weights, true);
        }

        /** Nodes that make the matrix out of what is stored, each with its head. */
        List<Piece> nodes(Precision precision) {
            if (precision == Precision.FP16) {
                return List.of(node("Cast", name, name + ".fp16"));
            }
            return List.of(
                    node("Cast", name + ".float", name + ".int8"),
                    node("Mul", name + ".blocks", name + ".float", name + ".scale"),
                    node("Reshape", name, name + ".blocks", name + ".shape"));
        }

        static Piece node(String operator, String output, String... inputs) {
            Message node = new Message();
            for (String input : inputs) {
                node.text(1, input);
            }
            node.text(2, output).text(3, output + ".made").text(4, operator);
            if (operator.equals("Cast")) {
                // AttributeProto: name 1, i 3, type 20, of which INT is 2
                byte[] to = new Message()
                        .text(1, "to")
                        .number(3, Type.FLOAT)
                        .number(20, 2)
                        .bytes();
                node.message(5, to);
            }
            return new Ready(new Message().message(NODE, node.bytes()).bytes());
        }

        /**
         * The tensors that are stored instead, each with its head.
         *
         * @param whole whether the matrix is made of them, and not only rows of it
         */
        List<Piece> stored(Precision precision, boolean whole) {
            long weights = (long) rows * columns;
            if (precision == Precision.FP16) {
                return tensor(name + ".fp16", Type.FLOAT16, List.of(rows, columns), halves(2 * weights));
            }
            int block = block();
            List<Integer> shape =
                    alongRows ? List.of(rows, columns / block, block) : List.of(rows / block, block, columns);
            List<Integer> scales = alongRows ? List.of(rows, columns / block, 1) : List.of(rows / block, 1, columns);
            List<Piece> pieces = new ArrayList<>(tensor(name + ".int8", Type.INT8, shape, codes(weights)));
            pieces.addAll(tensor(name + ".scale", Type.FLOAT, scales, new Ready(littleEndian(scales()))));
            // zeros keep what the dimensions are
            long[] made = whole ? new long[] {rows, columns} : new long[] {0, 0, columns};
            pieces.addAll(tensor(name + ".shape", Type.INT64, List.of(made.length), new Ready(littleEndian(made))));
            return pieces;
        }

        private static List<Piece> tensor(String name, int type, List<Integer> shape, Piece data) {
            Message tensor = new Message();
            shape.forEach(length -> tensor.number(1, length));
            tensor.number(2, type).text(8, name).head(9, data.size());
            byte[] before = tensor.bytes();
            byte[] head =
                    new Message().head(INITIALIZER, before.length + data.size()).bytes();
            return List.of(new Ready(head), new Ready(before), data);
        }

        private Piece halves(long size) {
            return rowByRow(size, 2, (row, into) -> {
                for (int column = 0; column < columns; column++) {
                    into.putShort(Float.floatToFloat16(weight(row, column)));
                }
            });
        }

        private Piece codes(long size) {
            float[] scales = scales();
            return rowByRow(size, 1, (row, into) -> {
                for (int column = 0; column < columns; column++) {
                    float scale = scales[scaleOf(row, column)];
                    into.put((byte) (scale == 0 ? 0 : Math.round(weight(row, column) / scale)));
                }
            });
        }

        /** For each block its largest weight by the largest code. */
        private float[] scales() {
            float[] scales = new float[(int) ((long) rows * columns / block())];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    int at = scaleOf(row, column);
                    scales[at] = Math.max(scales[at], Math.abs(weight(row, column)) / LARGEST_CODE);
                }
            }
            return scales;
        }

        private int scaleOf(int row, int column) {
            int block = block();
            return alongRows ? row * (columns / block) + column / block : row / block * columns + column;
        }

        /** Weights of a row or column that share a scale. */
        private int block() {
            int length = alongRows ? columns : rows;
            return length % BLOCK == 0 ? BLOCK : length;
        }

        private float weight(int row, int column) {
            return weights.get(FLOAT, ((long) row * columns + column) * Float.BYTES);
        }

        private interface RowWriter {
            void write(int row, ByteBuffer into);
        }

        private Piece rowByRow(long size, int bytesPerWeight, RowWriter writer) {
            return new Piece() {
                @Override
                public long size() {
                    return size;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    ByteBuffer bytes =
                            ByteBuffer.allocate(columns * bytesPerWeight).order(ByteOrder.LITTLE_ENDIAN);
                    for (int row = 0; row < rows; row++) {
                        writer.write(row, bytes.clear());
                        out.write(bytes.array());
                    }
                }
            };
        }
    }

    private static byte[] littleEndian(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] littleEndian(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }

    /** A message of the wire format that is being written. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            return varint((long) field << 3).varint(value);
        }

        Message text(int field, String value) {
            return message(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, byte[] value) {
            head(field, value.length);
            out.writeBytes(value);
            return this;
        }

        /** What comes before so many bytes of a field. */
        Message head(int field, long length) {
            return varint((long) field << 3 | 2).varint(length);
        }

        private Message varint(long value) {
            long rest = value;
            for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
                out.write((int) (rest & 0x7F | 0x80));
            }
            out.write((int) rest);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    /**
     * A field of a message.
     *
     * @param start where its head begins
     * @param value of a number of variable length
     * @param from where its bytes begin
     * @param end where it ends
     */
    private record Field(int number, int wire, long start, long value, long from, long end) {

        boolean isBytes() {
            return wire == 2;
        }
    }

    private List<Field> fields(long from, long end) throws DamagedFileException {
        List<Field> fields = new ArrayList<>();
        long[] at = {from};
        while (at[0] < end) {
            long start = at[0];
            long tag = varint(at, end);
            int wire = (int) (tag & 7);
            long value = 0;
            long length = switch (wire) {
                case 0 -> {
                    value = varint(at, end);
                    yield 0;
                }
                case 1 -> Long.BYTES;
                case 2 -> varint(at, end);
                case 5 -> Integer.BYTES;
                default -> throw new DamagedFileException("the file is not an ONNX model");
            };
            if (length < 0 || length > end - at[0]) {
                throw cut();
            }
            fields.add(new Field((int) (tag >>> 3), wire, start, value, at[0], at[0] + length));
            at[0] += length;
        }
        return fields;
    }

    private long varint(long[] at, long end) throws DamagedFileException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at[0] >= end) {
                throw cut();
            }
            byte next = file.get(ValueLayout.JAVA_BYTE, at[0]++);
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw cut();
    }

    private static DamagedFileException cut() {
        return new DamagedFileException("the ONNX file is cut short or damaged");
    }

    /** Numbers of a repeated field, packed or not. */
    private List<Long> numbers(Field field) throws DamagedFileException {
        if (!field.isBytes()) {
            return List.of(field.value);
        }
        List<Long> numbers = new ArrayList<>();
        for (long[] at = {field.from}; at[0] < field.end; ) {
            numbers.add(varint(at, field.end));
        }
        return numbers;
    }

    /** TensorProto.name */
    private String nameOf(Field tensor) throws DamagedFileException {
        return textOf(tensor, 8);
    }

    private String textOf(Field message, int number) throws DamagedFileException {
        for (Field field : fields(message.from, message.end)) {
            if (field.number == number && field.isBytes()) {
                return text(field);
            }
        }
        return "";
    }

    private String text(Field field) {
        byte[] bytes = file.asSlice(field.from, field.end - field.from).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Piece copy(Field field) {
        return new Copied(file.asSlice(field.start, field.end - field.start));
    }

    private static long size(List<Piece> pieces) {
        return pieces.stream().mapToLong(Piece::size).sum();
    }
}
