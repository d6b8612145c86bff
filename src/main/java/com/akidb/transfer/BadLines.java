package com.akidb.transfer;

import java.io.IOException;
import java.io.PrintWriter;
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
    private final FileRows source;
    private final PrintWriter err;
    private final boolean keep;
    private long count;

    /**
     * @param file beside which they are kept
     * @param keep whether they are kept at all, not only told
     */
    BadLines(Path file, FileRows source, PrintWriter err, boolean keep) {
        this.rows = file.resolveSibling(file.getFileName() + ".bad");
        this.reasons = file.resolveSibling(file.getFileName() + ".bad.txt");
        this.source = source;
        this.err = err;
        this.keep = keep;
    }

    /** Begins anew, or goes on where an earlier import has written so many. */
    void begin(long before) throws IOException {
        count = before;
        if (before == 0 && keep) {
            Files.deleteIfExists(rows);
            Files.deleteIfExists(reasons);
        }
    }

    void add(SourceRecord record, @Nullable String why) throws IOException {
        String reason = source.unit() + " " + record.number() + ": " + why;
        if (keep) {
            if (count == 0) {
                append(rows, source.header());
            }
            append(rows, record.raw().endsWith("\n") ? record.raw() : record.raw() + "\n");
            append(reasons, reason + "\n");
        }
        count++;
        if (count <= SHOWN) {
            err.println("\r" + reason);
        } else if (count == SHOWN + 1) {
            err.println("\rfurther bad " + source.unit() + "s: " + (keep ? "see " + reasons : "not shown"));
        }
    }

    long count() {
        return count;
    }

    Path rows() {
        return rows;
    }

    private void append(Path file, String text) throws IOException {
        Files.write(
                file, TextInput.encoded(text, source.encoding()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
