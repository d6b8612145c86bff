package com.akidb.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import tools.jackson.databind.JsonNode;

/**
 * Arrow IPC, a batch for each call: a file with its index at the end, or a stream where the channel is no file. Texts, 64-bit
 * integers, doubles, booleans, times in microseconds of UTC, JSON as texts of the extension {@code arrow.json}, and embeddings
 * as lists of floats that are all as long.
 */
final class ArrowTarget implements RowTarget {

    private final List<Column> columns;
    private final RootAllocator memory = new RootAllocator();
    private final VectorSchemaRoot root;
    private final ArrowWriter writer;

    ArrowTarget(List<Column> columns, WritableByteChannel out) throws IOException {
        this.columns = columns;
        this.root = VectorSchemaRoot.create(
                new Schema(columns.stream().map(ArrowTarget::field).toList()), memory);
        this.writer = out instanceof FileChannel
                ? new ArrowFileWriter(root, null, out)
                : new ArrowStreamWriter(root, null, out);
        writer.start();
    }

    private static Field field(Column column) {
        return switch (column.type()) {
            case "int" -> plain(column, new ArrowType.Int(Long.SIZE, true));
            case "float" -> plain(column, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
            case "bool" -> plain(column, new ArrowType.Bool());
            case "timestamp" -> plain(column, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"));
            case "json" ->
                new Field(
                        column.name(),
                        new FieldType(true, new ArrowType.Utf8(), null, Map.of("ARROW:extension:name", "arrow.json")),
                        List.of());
            case "embedding" ->
                new Field(
                        column.name(),
                        FieldType.nullable(new ArrowType.FixedSizeList(column.dimensions())),
                        List.of(new Field(
                                "item",
                                FieldType.notNullable(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
                                List.of())));
            default -> plain(column, new ArrowType.Utf8());
        };
    }

    private static Field plain(Column column, ArrowType type) {
        return new Field(column.name(), FieldType.nullable(type), List.of());
    }

    @Override
    public void write(JsonNode rows) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        rows.forEach(all::add);
        root.clear();
        for (int i = 0; i < columns.size(); i++) {
            FieldVector vector = root.getVector(i);
            vector.setInitialCapacity(all.size());
            vector.allocateNew();
            for (int row = 0; row < all.size(); row++) {
                JsonNode value = all.get(row).path(columns.get(i).name());
                if (!value.isMissingNode() && !value.isNull()) {
                    set(vector, row, columns.get(i), value);
                }
            }
            vector.setValueCount(all.size());
        }
        root.setRowCount(all.size());
        if (!all.isEmpty()) {
            writer.writeBatch();
        }
    }

    private static void set(FieldVector vector, int row, Column column, JsonNode value) {
        switch (vector) {
            case BigIntVector numbers -> numbers.setSafe(row, value.longValue());
            case Float8Vector numbers -> numbers.setSafe(row, value.doubleValue());
            case BitVector truths -> truths.setSafe(row, value.booleanValue() ? 1 : 0);
            case TimeStampMicroTZVector times ->
                times.setSafe(row, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(value.asString())));
            case FixedSizeListVector lists -> {
                int start = lists.startNewValue(row);
                Float4Vector numbers = (Float4Vector) lists.getDataVector();
                for (int i = 0; i < value.size(); i++) {
                    numbers.setSafe(start + i, value.get(i).floatValue());
                }
            }
            case VarCharVector texts -> {
                String text = column.type().equals("json") ? value.toString() : value.asString();
                texts.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
            }
            default -> throw new IllegalStateException("no column is written as " + vector);
        }
    }

    @Override
    public void close() throws IOException {
        writer.end();
        writer.close();
        root.close();
        memory.close();
    }
}
