package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.nio.file.Path;
import java.util.Locale;

/** What a file is written in. */
public enum Format {
    CSV,
    NDJSON,
    PARQUET;

    /** The format that a file's name says. */
    public static Format of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return CSV;
        }
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
            return NDJSON;
        }
        if (name.endsWith(".parquet")) {
            return PARQUET;
        }
        throw new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT,
                "The name " + file.getFileName()
                        + " ends with none of .csv, .ndjson, .jsonl and .parquet; say --format",
                "--format");
    }
}
