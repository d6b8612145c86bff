package com.akidb.transfer;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a file.
 *
 * @param number its first line, from 1; its row where the format has no lines
 * @param cells values by the file's columns, as {@link ColumnTypes} takes them; null if the row cannot be read
 * @param problem why it cannot be read, else null
 * @param raw what the file has there, to be kept aside if it is bad
 */
record SourceRecord(
        long number,
        @Nullable Map<String, Object> cells,
        @Nullable String problem,
        String raw) {

    static SourceRecord good(long number, Map<String, Object> cells, String raw) {
        return new SourceRecord(number, cells, null, raw);
    }

    static SourceRecord bad(long number, String problem, String raw) {
        return new SourceRecord(number, null, problem, raw);
    }
}
