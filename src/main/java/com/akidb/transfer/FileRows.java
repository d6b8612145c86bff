package com.akidb.transfer;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a file, in order. Used by one thread. */
interface FileRows extends AutoCloseable {

    /** How to read a file, where it does not say so itself; null for what the format or the file says. */
    record Reading(
            Path file,
            Format format,
            @Nullable Charset encoding,
            @Nullable Character delimiter) {}

    /** The columns that the file names before its rows; empty if each row names its own. */
    List<String> columns();

    /** The next row; null after the last. */
    @Nullable
    SourceRecord next() throws IOException;

    /** How much of the file is read, 0 to 1. */
    double progress();

    /** What a file of bad rows begins with. */
    default String header() {
        return "";
    }

    /** What raw rows are written back in. */
    default Charset encoding() {
        return StandardCharsets.UTF_8;
    }

    /** What {@link SourceRecord#number} counts. */
    default String unit() {
        return "line";
    }

    @Override
    void close() throws IOException;

    static FileRows open(Reading reading) throws IOException {
        return switch (reading.format()) {
            case CSV -> new CsvSource(reading.file(), reading.encoding(), reading.delimiter());
            case NDJSON -> new JsonLines(reading.file(), reading.encoding());
            case JSON ->
                JsonArray.isArray(reading.file(), reading.encoding())
                        ? new JsonArray(reading.file(), reading.encoding())
                        : new JsonLines(reading.file(), reading.encoding());
            case PARQUET -> new ParquetSource(reading.file());
            case ARROW -> new ArrowSource(reading.file());
        };
    }
}
