package com.akidb.engine;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A select in SQL, made of pieces. The caller vouches for the SQL: it is never text of a user's.
 *
 * @param parts joined in order
 * @param maxRows most rows of the answer; one more is refused
 * @param maxBytes about the most memory of the answer's cells
 * @param timeout how long it may run
 * @param cancelled asked now and then; true ends it
 */
public record SelectStatement(
        List<Part> parts, int maxRows, long maxBytes, Duration timeout, BooleanSupplier cancelled) {

    public SelectStatement {
        parts = List.copyOf(parts);
    }

    /** A piece. */
    public sealed interface Part {

        /** SQL. May call {@code akidb_similarity(vector, vector, metric)} with a metric's name, and {@code akidb_like}. */
        record Sql(String text) implements Part {}

        /** A value, bound where it stands: String, Long, Double, byte[] or null. */
        record Value(@Nullable Object value) implements Part {}

        /**
         * The rows of a table, as a subquery in parentheses whose columns are called {@code k0, k1, ...} in the order of
         * {@code columns}. Cells are as docs/file-format.md says: BOOL 0 or 1, TIMESTAMP microseconds, VECTOR a blob of
         * float32, null if the row has none.
         */
        record Rows(UUID table, List<String> columns) implements Part {
            public Rows {
                columns = List.copyOf(columns);
            }
        }
    }
}
