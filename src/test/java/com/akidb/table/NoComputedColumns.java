package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.table.RowService.EmbedMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Cells of tables that have no computed columns. */
public final class NoComputedColumns implements ComputedCells {

    @Override
    public CompletableFuture<List<@Nullable Object[]>> insert(
            TableSchema schema, List<@Nullable Object[]> rows, EmbedMode mode, Duration timeout, Account account) {
        return CompletableFuture.completedFuture(rows);
    }

    @Override
    public CompletableFuture<List<Map<String, @Nullable Object>>> update(
            TableSchema schema,
            List<Map<String, @Nullable Object>> changed,
            EmbedMode mode,
            Duration timeout,
            Account account) {
        return CompletableFuture.completedFuture(changed);
    }
}
