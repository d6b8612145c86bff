package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.nio.file.Path;
import java.util.Locale;

/** What a file is written in. */
public enum Format {
    CSV,
    NDJSON,
    /** One array of objects; for reading, an object a line too. */
    JSON,
    PARQUET,
    /** Arrow IPC, as a file or a stream. */
    ARROW;

    /** The format that a file's name says. */
    public static Format of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        String end = name.substring(name.lastIndexOf('.') + 1);
        return switch (end) {
            case "csv", "tsv", "tab" -> CSV;
            case "ndjson", "jsonl" -> NDJSON;
            case "json" -> JSON;
            case "parquet" -> PARQUET;
            case "arrow", "arrows", "feather", "ipc" -> ARROW;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "The name " + file.getFileName()
                                + " ends with none of .csv, .tsv, .ndjson, .jsonl, .json, .parquet, .arrow and"
                                + " .feather; say --format",
                        "--format");
        };
    }

    /** Whether a file of it can be written on where it was left. */
    boolean isContinuable() {
        return this == CSV || this == NDJSON;
    }
}
