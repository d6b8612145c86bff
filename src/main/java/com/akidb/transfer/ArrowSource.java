package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.jspecify.annotations.Nullable;

/** Arrow IPC, as a file or a stream, plain or compressed by LZ4 or zstd: batch by batch. */
final class ArrowSource implements FileRows {

    private static final byte[] FILE_MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    private final FileChannel channel;
    private final RootAllocator memory = new RootAllocator();
    private final ArrowReader reader;
    private final List<String> columns;
    private List<FieldVector> vectors = List.of();
    /** Vectors made here, of columns that come as numbers of a dictionary. */
    private final List<ValueVector> decoded = new ArrayList<>();

    private int row;
    private int rows;
    private long number;

    ArrowSource(Path path) throws IOException {
        this.channel = FileChannel.open(path);
        try {
            requireStart(channel);
            this.reader = isFile(channel)
                    ? new ArrowFileReader(channel, memory, CommonsCompressionFactory.INSTANCE)
                    : new ArrowStreamReader((ReadableByteChannel) channel, memory, CommonsCompressionFactory.INSTANCE);
            this.columns = reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(field -> field.getName())
                    .toList();
        } catch (IOException | RuntimeException broken) {
            memory.close();
            channel.close();
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, path + " is not an Arrow IPC file: " + broken.getMessage(), "FILE");
        }
    }

    /** Refuses what does not begin as Arrow does, since its reader takes any four bytes for a length, and that much memory. */
    private static void requireStart(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(start, 0);
        start.flip();
        boolean stream = start.remaining() == start.capacity()
                && start.getInt() == -1
                && start.getInt() <= channel.size() - start.capacity();
        if (!stream && !isFile(channel)) {
            throw new IOException("it begins otherwise");
        }
    }

    private static boolean isFile(FileChannel channel) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(FILE_MAGIC.length);
        channel.read(magic, 0);
        return ByteBuffer.wrap(FILE_MAGIC).equals(magic.flip());
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public String unit() {
        return "row";
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        while (row == rows) {
            release();
            if (!reader.loadNextBatch()) {
                return null;
            }
            rows = reader.getVectorSchemaRoot().getRowCount();
            row = 0;
            vectors = new ArrayList<>();
            for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                vectors.add(plain(vector));
            }
        }
        number++;
        Map<String, Object> cells = new LinkedHashMap<>();
        String problem = null;
        for (int i = 0; i < columns.size(); i++) {
            try {
                Object value = value(vectors.get(i), row);
                if (value != null) {
                    cells.put(columns.get(i), value);
                }
            } catch (IllegalArgumentException unusable) {
                problem = columns.get(i) + " " + unusable.getMessage();
            }
        }
        row++;
        String raw = ColumnTypes.json(cells).toString();
        return problem == null ? SourceRecord.good(number, cells, raw) : SourceRecord.bad(number, problem, raw);
    }

    private FieldVector plain(FieldVector vector) throws IOException {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding == null) {
            return vector;
        }
        Dictionary dictionary = reader.getDictionaryVectors().get(encoding.getId());
        FieldVector values = (FieldVector) DictionaryEncoder.decode(vector, dictionary, memory);
        decoded.add(values);
        return values;
    }

    private static @Nullable Object value(ValueVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector) {
            case UInt1Vector unsigned -> (long) unsigned.get(row) & 0xFF;
            case UInt2Vector unsigned -> (long) unsigned.get(row);
            case UInt4Vector unsigned -> Integer.toUnsignedLong(unsigned.get(row));
            case UInt8Vector unsigned -> unsigned.getObjectNoOverflow(row);
            case BaseIntVector signed -> signed.getValueAsLong(row);
            case Float2Vector half -> half.getValueAsFloat(row);
            case Float4Vector number -> number.get(row);
            case Float8Vector number -> number.get(row);
            case DecimalVector number -> number.getObject(row);
            case Decimal256Vector number -> number.getObject(row);
            case BitVector truth -> truth.get(row) != 0;
            case VarCharVector text -> text(text.get(row));
            case LargeVarCharVector text -> text(text.get(row));
            case ViewVarCharVector text -> text(text.get(row));
            case DateDayVector day -> LocalDate.ofEpochDay(day.get(row));
            case DateMilliVector day -> day.getObject(row).toLocalDate();
            case TimeSecVector time -> LocalTime.ofSecondOfDay(time.get(row));
            case TimeMilliVector time -> time.getObject(row).toLocalTime();
            case TimeMicroVector time -> LocalTime.ofNanoOfDay(time.get(row) * 1_000);
            case TimeNanoVector time -> LocalTime.ofNanoOfDay(time.get(row));
            case TimeStampVector time ->
                time((ArrowType.Timestamp) time.getField().getType(), time.get(row));
            case StructVector struct -> struct(struct, row);
            case MapVector map -> map(map, row);
            case ListVector list ->
                list(list.getDataVector(), list.getElementStartIndex(row), list.getElementEndIndex(row));
            case LargeListVector list ->
                list(list.getDataVector(), list.getElementStartIndex(row), list.getElementEndIndex(row));
            case FixedSizeListVector list ->
                list(list.getDataVector(), list.getElementStartIndex(row), list.getElementEndIndex(row));
            default ->
                throw new IllegalArgumentException("has values of a type that no column takes: "
                        + vector.getField().getType());
        };
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw new IllegalArgumentException("has a text that is not UTF-8", broken);
        }
    }

    private static Object time(ArrowType.Timestamp type, long value) {
        ChronoUnit unit = switch (type.getUnit()) {
            case SECOND -> ChronoUnit.SECONDS;
            case MILLISECOND -> ChronoUnit.MILLIS;
            case MICROSECOND -> ChronoUnit.MICROS;
            case NANOSECOND -> ChronoUnit.NANOS;
        };
        Instant time = Instant.EPOCH.plus(value, unit);
        return type.getTimezone() == null ? LocalDateTime.ofInstant(time, ZoneOffset.UTC) : time;
    }

    private static List<@Nullable Object> list(ValueVector data, long from, long to) {
        List<@Nullable Object> values = new ArrayList<>();
        for (long i = from; i < to; i++) {
            values.add(value(data, Math.toIntExact(i)));
        }
        return values;
    }

    private static Map<String, @Nullable Object> struct(StructVector struct, int row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (FieldVector child : struct.getChildrenFromFields()) {
            values.put(child.getName(), value(child, row));
        }
        return values;
    }

    private static Map<String, @Nullable Object> map(MapVector map, int row) {
        StructVector entries = (StructVector) map.getDataVector();
        List<FieldVector> members = entries.getChildrenFromFields();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
            values.put(String.valueOf(value(members.get(0), i)), value(members.get(1), i));
        }
        return values;
    }

    private void release() {
        decoded.forEach(ValueVector::close);
        decoded.clear();
    }

    @Override
    public double progress() {
        try {
            return channel.size() == 0 ? 1 : Math.min(1, (double) reader.bytesRead() / channel.size());
        } catch (IOException unreadable) {
            return 1;
        }
    }

    @Override
    public void close() throws IOException {
        release();
        reader.close();
        memory.close();
    }
}
