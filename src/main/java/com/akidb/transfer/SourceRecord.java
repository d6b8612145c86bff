package com.akidb.transfer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One row of a file.
 *
 * @param number its first line, from 1; for Parquet its row
 * @param row null if it cannot be read
 * @param problem why it cannot be read, else null
 * @param raw what the file has there, to be kept aside if it is bad
 */
record SourceRecord(
        long number, @Nullable ObjectNode row, @Nullable String problem, String raw) {

    static SourceRecord good(long number, ObjectNode row, String raw) {
        return new SourceRecord(number, row, null, raw);
    }

    static SourceRecord bad(long number, String problem, String raw) {
        return new SourceRecord(number, null, problem, raw);
    }
}
