package com.akidb.transfer;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Rows as lines of CSV. */
final class CsvTarget {

    private CsvTarget() {}

    /** A line with its end. */
    static String line(List<String> fields) {
        StringWriter line = new StringWriter();
        try (CsvWriter writer =
                CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(line)) {
            writer.writeRecord(fields);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return line.toString();
    }

    static String row(List<String> columns, JsonNode row) {
        List<String> fields = new ArrayList<>(columns.size());
        for (String column : columns) {
            JsonNode value = row.path(column);
            fields.add(
                    value.isMissingNode() || value.isNull()
                            ? ""
                            : value.isString() ? value.asString() : value.toString());
        }
        return line(fields);
    }
}
