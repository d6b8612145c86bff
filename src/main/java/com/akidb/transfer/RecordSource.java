package com.akidb.transfer;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The rows of a file, in order. Used by one thread. */
interface RecordSource extends AutoCloseable {

    /** The next row; null after the last. */
    @Nullable
    SourceRecord next() throws IOException;

    /** How much of the file is read, 0 to 1. */
    double progress();

    @Override
    void close() throws IOException;

    static RecordSource open(Path file, Format format, ColumnTypes types) throws IOException {
        return switch (format) {
            case CSV -> new CsvSource(file, types);
            case NDJSON -> new LinesSource(file);
            case PARQUET -> new ParquetSource(file);
        };
    }
}
