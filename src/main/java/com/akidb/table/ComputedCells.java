package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.table.RowService.EmbedMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives rows that are written their computed cells: a {@code float[]}, {@link com.akidb.engine.Uncomputed}, or null where
 * the source has nothing to embed. Never blocks; cancelling a future drops what is queued. Texts are charged to the
 * account of who writes the rows, also those that are embedded later.
 */
public interface ComputedCells {

    /**
     * Fills the computed cells of new rows, hidden columns included.
     *
     * @param rows values by the columns of the table's definition; written to until the future completes
     * @return the same rows when they are filled
     */
    CompletableFuture<List<@Nullable Object[]>> insert(
            TableSchema schema, List<@Nullable Object[]> rows, EmbedMode mode, Duration timeout, Account account);

    /**
     * Values for the computed columns of rows whose other columns change.
     *
     * @param changed new values by column
     * @return values by computed column, for those that change with them
     */
    CompletableFuture<Map<String, @Nullable Object>> update(
            TableSchema schema,
            Map<String, @Nullable Object> changed,
            EmbedMode mode,
            Duration timeout,
            Account account);
}
