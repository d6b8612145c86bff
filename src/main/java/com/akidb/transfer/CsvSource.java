package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** CSV (RFC 4180) in UTF-8 whose first line names the columns. An empty field is no value. */
final class CsvSource implements RecordSource {

    private final CountedInput input;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private final ColumnTypes types;
    private final List<String> columns;

    CsvSource(Path file, ColumnTypes types) throws IOException {
        this.input = new CountedInput(file);
        this.types = types;
        this.reader = CsvReader.builder()
                .allowMissingFields(true)
                .allowExtraFields(true)
                .ofCsvRecord(new InputStreamReader(input, StandardCharsets.UTF_8));
        this.records = reader.iterator();
        if (!records.hasNext()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "The first line of a CSV file names its columns; it has none", "FILE");
        }
        this.columns = records.next().getFields().stream()
                .map(name -> name.startsWith("\uFEFF") ? name.substring(1) : name)
                .toList();
        Set<String> once = new HashSet<>();
        for (String column : columns) {
            types.require(column);
            if (!once.add(column)) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT, "The file has two columns '" + column + "'", column);
            }
        }
    }

    @Override
    public @Nullable SourceRecord next() {
        if (!records.hasNext()) {
            return null;
        }
        CsvRecord fields = records.next();
        long line = fields.getStartingLineNumber();
        String raw = CsvTarget.line(fields.getFields());
        if (fields.getFieldCount() != columns.size()) {
            return SourceRecord.bad(
                    line, "has " + fields.getFieldCount() + " fields, must have " + columns.size(), raw);
        }
        ObjectNode row = JsonMapper.shared().createObjectNode();
        for (int i = 0; i < columns.size(); i++) {
            String text = fields.getField(i);
            if (!text.isEmpty()) {
                try {
                    row.set(columns.get(i), types.value(columns.get(i), text));
                } catch (IllegalArgumentException wrong) {
                    return SourceRecord.bad(line, String.valueOf(wrong.getMessage()), raw);
                }
            }
        }
        return SourceRecord.good(line, row, raw);
    }

    @Override
    public double progress() {
        return input.progress();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
