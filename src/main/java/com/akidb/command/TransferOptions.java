package com.akidb.command;

import com.akidb.transfer.Format;
import com.akidb.transfer.Server;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What import and export ask alike: which table of which server, in what format. */
final class TransferOptions {

    @Option(names = "--table", required = true, description = "the table")
    private String table = "";

    @Option(names = "--format", description = "csv, ndjson, json, parquet or arrow; if absent, by the file's name")
    private @Nullable Format format;

    @Option(names = "--restart", description = "begin anew after a stop")
    private boolean restart;

    @Option(
            names = "--url",
            defaultValue = "${env:AKIDB_URL:-http://127.0.0.1:8080}",
            description = "the server; if absent, AKIDB_URL, else http://127.0.0.1:8080")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--key",
            defaultValue = "${env:AKIDB_API_KEY}",
            description = "an API key; better in AKIDB_API_KEY, which other users do not see")
    private @Nullable String key;

    String table() {
        return table;
    }

    /** The format asked for, else the one that the file's name tells. */
    Format format(Path file) {
        return format == null ? Format.of(file) : format;
    }

    /** The format of standard input or output, which has no name. */
    Format formatOfStream() {
        return format == null ? Format.NDJSON : format;
    }

    boolean restart() {
        return restart;
    }

    /** The server, to be closed. */
    Server server() {
        return new Server(url, key == null || key.isBlank() ? null : key);
    }
}
