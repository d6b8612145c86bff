package com.akidb.transfer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows that could not be imported: {@code FILE.bad} has them as they came, ready to be corrected and imported,
 * {@code FILE.bad.txt} says why. Nothing is made if all are good.
 */
final class BadLines {

    private static final int SHOWN = 20;

    private final Path rows;
    private final Path reasons;
    private final String header;
    private final PrintWriter err;
    private long count;

    /** @param header what the file of rows begins with, such as the names of columns */
    BadLines(Path file, String header, PrintWriter err) {
        this.rows = file.resolveSibling(file.getFileName() + ".bad");
        this.reasons = file.resolveSibling(file.getFileName() + ".bad.txt");
        this.header = header;
        this.err = err;
    }

    /** Begins anew, or goes on where an earlier import has written so many. */
    void begin(long before) throws IOException {
        count = before;
        if (before == 0) {
            Files.deleteIfExists(rows);
            Files.deleteIfExists(reasons);
        }
    }

    void add(SourceRecord record, @Nullable String why) throws IOException {
        if (count == 0) {
            append(rows, header);
        }
        append(rows, record.raw().endsWith("\n") ? record.raw() : record.raw() + "\n");
        String reason = "line " + record.number() + ": " + why;
        append(reasons, reason + "\n");
        count++;
        if (count <= SHOWN) {
            err.println("\r" + reason);
        } else if (count == SHOWN + 1) {
            err.println("\rfurther bad lines: see " + reasons);
        }
    }

    long count() {
        return count;
    }

    Path rows() {
        return rows;
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
