package com.akidb.transfer;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Parquet files, with columns of numbers, texts, times, and lists of them. */
final class ParquetSource implements RecordSource {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ParquetFileReader file;
    private final RowReader rows;
    private final List<String> columns;
    private final long total;
    private long number;

    ParquetSource(Path path) throws IOException {
        this.file = ParquetFileReader.open(InputFile.of(path));
        this.columns = file.getFileSchema().getRootNode().children().stream()
                .map(SchemaNode::name)
                .toList();
        this.total = file.getFileMetaData().numRows();
        this.rows = file.rowReader();
    }

    @Override
    public @Nullable SourceRecord next() {
        if (!rows.hasNext()) {
            return null;
        }
        rows.next();
        number++;
        ObjectNode row = JsonMapper.shared().createObjectNode();
        for (int i = 0; i < columns.size(); i++) {
            if (!rows.isNull(i)) {
                try {
                    row.set(columns.get(i), value(rows.getValue(i)));
                } catch (IllegalArgumentException unknown) {
                    return SourceRecord.bad(number, columns.get(i) + " " + unknown.getMessage(), row.toString());
                }
            }
        }
        return SourceRecord.good(number, row, row.toString());
    }

    private static JsonNode value(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case String text -> NODES.stringNode(text);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case BigDecimal number -> NODES.numberNode(number);
            case Boolean truth -> NODES.booleanNode(truth);
            case java.time.Instant time -> NODES.stringNode(time.toString());
            case java.time.LocalDate day -> NODES.stringNode(day.toString());
            case java.util.UUID id -> NODES.stringNode(id.toString());
            case PqList list -> list(list);
            default -> throw new IllegalArgumentException("has values of a kind that no column takes");
        };
    }

    private static JsonNode list(PqList list) {
        ArrayNode array = NODES.arrayNode();
        for (Object each : list.values()) {
            array.add(value(each));
        }
        return array;
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
