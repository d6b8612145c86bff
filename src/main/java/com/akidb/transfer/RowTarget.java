package com.akidb.transfer;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes rows as one format has them. Used by one thread. */
interface RowTarget extends AutoCloseable {

    /**
     * A column of the file.
     *
     * @param type as the tables API names it
     * @param dimensions of embeddings; 0 for other types
     */
    record Column(String name, String type, int dimensions) {}

    /** Writes rows, objects by the names of columns. */
    void write(JsonNode rows) throws IOException;

    /** Writes what ends the file. */
    @Override
    void close() throws IOException;

    /**
     * Begins a file, or goes on with one.
     *
     * @param begun whether the channel stands behind rows that were written earlier
     */
    static RowTarget open(Format format, List<Column> columns, WritableByteChannel out, boolean begun)
            throws IOException {
        return switch (format) {
            case CSV -> new Csv(columns, out, begun);
            case NDJSON -> new Json(out, "", "\n", "");
            case JSON -> new Json(out, "[\n", ",\n", "\n]\n");
            case PARQUET -> new ParquetTarget(columns, out);
            case ARROW -> new ArrowTarget(columns, out);
        };
    }

    private static void write(WritableByteChannel out, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** CSV as RFC 4180 has it: no value is an empty field, an empty text is one in quotes, JSON is JSON. */
    final class Csv implements RowTarget {

        private final List<Column> columns;
        private final WritableByteChannel out;

        Csv(List<Column> columns, WritableByteChannel out, boolean begun) throws IOException {
            this.columns = columns;
            this.out = out;
            if (!begun) {
                RowTarget.write(
                        out, lines(List.of(columns.stream().map(Column::name).toList())));
            }
        }

        @Override
        public void write(JsonNode rows) throws IOException {
            List<List<@Nullable String>> records = new ArrayList<>(rows.size());
            for (JsonNode row : rows) {
                List<@Nullable String> fields = new ArrayList<>(columns.size());
                for (Column column : columns) {
                    JsonNode value = row.path(column.name());
                    boolean plain = value.isString() && !column.type().equals("json");
                    fields.add(
                            value.isMissingNode() || value.isNull()
                                    ? null
                                    : plain ? value.asString() : value.toString());
                }
                records.add(fields);
            }
            RowTarget.write(out, lines(records));
        }

        private static String lines(List<? extends List<@Nullable String>> records) {
            StringWriter text = new StringWriter();
            try (CsvWriter writer = CsvWriter.builder()
                    .lineDelimiter(LineDelimiter.LF)
                    .quoteStrategy(QuoteStrategies.EMPTY)
                    .build(text)) {
                records.forEach(writer::writeRecord);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return text.toString();
        }

        @Override
        public void close() {}
    }

    /** Objects with something before, between and behind them. */
    final class Json implements RowTarget {

        private final WritableByteChannel out;
        private final String between;
        private final String end;
        private boolean first;

        Json(WritableByteChannel out, String begin, String between, String end) throws IOException {
            this.out = out;
            this.between = between;
            this.end = end;
            this.first = true;
            RowTarget.write(out, begin);
        }

        @Override
        public void write(JsonNode rows) throws IOException {
            StringBuilder text = new StringBuilder();
            for (JsonNode row : rows) {
                if (end.isEmpty()) {
                    text.append(row).append(between);
                } else {
                    text.append(first ? "" : between).append(row);
                }
                first = false;
            }
            RowTarget.write(out, text.toString());
        }

        @Override
        public void close() throws IOException {
            RowTarget.write(out, end);
        }
    }
}
