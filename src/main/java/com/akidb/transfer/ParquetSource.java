package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parquet files; all of its types but intervals, geometries and variants, plain or compressed by Snappy, zstd or gzip. */
final class ParquetSource implements FileRows {

    private final ParquetFileReader file;
    private final RowReader rows;
    private final List<SchemaNode> nodes;
    private final long total;
    private long number;

    ParquetSource(Path path) throws IOException {
        try {
            this.file = ParquetFileReader.open(InputFile.of(path));
        } catch (IllegalArgumentException | IllegalStateException | IOException broken) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, path + " is not a Parquet file: " + broken.getMessage(), "FILE");
        }
        this.nodes = file.getFileSchema().getRootNode().children();
        this.total = file.getFileMetaData().numRows();
        this.rows = file.rowReader();
    }

    @Override
    public List<String> columns() {
        return nodes.stream().map(SchemaNode::name).toList();
    }

    @Override
    public String unit() {
        return "row";
    }

    @Override
    public @Nullable SourceRecord next() {
        if (!rows.hasNext()) {
            return null;
        }
        rows.next();
        number++;
        Map<String, Object> cells = new LinkedHashMap<>();
        String problem = null;
        for (int i = 0; i < nodes.size(); i++) {
            SchemaNode node = nodes.get(i);
            if (!rows.isNull(i)) {
                try {
                    cells.put(node.name(), value(node, rows.getValue(i), rows.getRawValue(i)));
                } catch (IllegalArgumentException unusable) {
                    problem = node.name() + " " + unusable.getMessage();
                }
            }
        }
        String raw = ColumnTypes.json(cells).toString();
        return problem == null ? SourceRecord.good(number, cells, raw) : SourceRecord.bad(number, problem, raw);
    }

    private static Object value(SchemaNode node, Object value, Object raw) {
        return switch (node) {
            case PrimitiveNode primitive -> scalar(primitive, value, raw);
            case GroupNode group when value instanceof PqList list -> list(group.getListElement(), list);
            case GroupNode group when value instanceof PqMap map -> map(group.getMapValue(), map);
            case GroupNode group when value instanceof PqStruct struct -> struct(group, struct);
            default -> throw new IllegalArgumentException("has values of a type that no column takes: " + node);
        };
    }

    private static Object scalar(PrimitiveNode node, Object value, Object raw) {
        LogicalType type = node.logicalType();
        if (type instanceof LogicalType.IntType integer && !integer.isSigned()) {
            return value instanceof Long number
                    ? new BigInteger(Long.toUnsignedString(number))
                    : (Object) Integer.toUnsignedLong(((Number) value).intValue());
        }
        if (value instanceof String && raw instanceof byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException broken) {
                throw new IllegalArgumentException("has a text that is not UTF-8", broken);
            }
        }
        return value;
    }

    private static List<@Nullable Object> list(SchemaNode element, PqList list) {
        List<@Nullable Object> values = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            values.add(list.isNull(i) ? null : value(element, list.get(i), list.getRaw(i)));
        }
        return values;
    }

    private static Map<String, @Nullable Object> map(SchemaNode element, PqMap map) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (PqMap.Entry entry : map.getEntries()) {
            values.put(
                    String.valueOf(entry.getKey()),
                    entry.isValueNull() ? null : value(element, entry.getValue(), entry.getRawValue()));
        }
        return values;
    }

    private static Map<String, @Nullable Object> struct(GroupNode group, PqStruct struct) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (SchemaNode member : group.children()) {
            String name = member.name();
            values.put(
                    name, struct.isNull(name) ? null : value(member, struct.getValue(name), struct.getRawValue(name)));
        }
        return values;
    }

    @Override
    public double progress() {
        return total == 0 ? 1 : (double) number / total;
    }

    @Override
    public void close() throws IOException {
        rows.close();
        file.close();
    }
}
