package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.table.RowService.EmbedMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Computes the cells of computed columns for rows being written: a {@code float[]}, {@link com.akidb.engine.Uncomputed}, or
 * null where the source has no text. Never blocks; cancelling a future drops what is queued. Texts are charged to the writer's
 * account, including those embedded later.
 */
public interface ComputedCells {

    /**
     * Fills the computed cells of new rows, including those of hidden columns.
     *
     * @param rows values in the order of the table's columns; modified until the future completes
     * @return the same rows, filled
     */
    CompletableFuture<List<@Nullable Object[]>> insert(
            TableSchema schema, List<@Nullable Object[]> rows, EmbedMode mode, Duration timeout, Account account);

    /**
     * Computes the cells that change with other columns.
     *
     * @param changed of each row, new values by column
     * @return of each row, these and the new values of the computed columns that change with them
     */
    CompletableFuture<List<Map<String, @Nullable Object>>> update(
            TableSchema schema,
            List<Map<String, @Nullable Object>> changed,
            EmbedMode mode,
            Duration timeout,
            Account account);
}
