package com.akidb.table;

import com.akidb.engine.Mutation;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableEngine;
import com.akidb.engine.WriteResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import com.akidb.query.Predicate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes rows: checks all of them, fills computed cells, hands them to the engine as one write. */
final class RowWrites {

    private final TableEngine engine;
    private final TableDirectory directory;
    private final RowRules rules;
    private final ComputedCells computed;

    RowWrites(TableEngine engine, TableDirectory directory, RowRules rules, ComputedCells computed) {
        this.engine = engine;
        this.directory = directory;
        this.rules = rules;
        this.computed = computed;
    }

    CompletableFuture<WriteResult> insert(RowInsert insert, Duration timeout) {
        TableSchema schema = insert.schema();
        TableDirectory.requireWritable(schema);
        rules.complete(schema, insert.rows());
        CompletableFuture<List<@Nullable Object[]>> filled =
                computed.insert(schema, insert.rows(), insert.embed(), timeout);
        CompletableFuture<WriteResult> written = filled.thenCompose(rows -> {
            List<List<@Nullable Object>> lists = new ArrayList<>(rows.size());
            for (@Nullable Object[] row : rows) {
                lists.add(Arrays.<@Nullable Object>asList(row));
            }
            return write(schema, new Mutation.Insert(lists, insert.onConflict()));
        });
        Futures.cancelWith(written, filled);
        return written;
    }

    CompletableFuture<WriteResult> update(RowUpdate update, Duration timeout) {
        TableSchema schema = update.schema();
        TableDirectory.requireWritable(schema);
        rules.requireChanges(schema, update.values());
        RowSelection selection = selection(update.where(), update.key());
        CompletableFuture<Map<String, @Nullable Object>> made =
                computed.update(schema, update.values(), update.embed(), timeout);
        CompletableFuture<WriteResult> written = made.thenCompose(cells -> {
            Map<String, @Nullable Object> values = new HashMap<>(update.values());
            values.putAll(cells);
            return write(schema, new Mutation.Update(selection, values));
        });
        Futures.cancelWith(written, made);
        String key = update.key();
        return key == null ? written : written.thenApply(result -> found(result, result.updated(), key));
    }

    CompletableFuture<WriteResult> delete(TableSchema schema, @Nullable Predicate where, @Nullable String key) {
        TableDirectory.requireWritable(schema);
        CompletableFuture<WriteResult> written = write(schema, new Mutation.Delete(selection(where, key)));
        return key == null ? written : written.thenApply(result -> found(result, result.deleted(), key));
    }

    private static RowSelection selection(@Nullable Predicate where, @Nullable String key) {
        if (key != null) {
            return RowSelection.keys(key);
        }
        return where == null ? new RowSelection.All() : new RowSelection.Where(where);
    }

    private static WriteResult found(WriteResult result, int rows, String key) {
        if (rows == 0) {
            throw noRow(key);
        }
        return result;
    }

    static NotFoundException noRow(String key) {
        return new NotFoundException(ErrorCode.NOT_FOUND, "Row '" + Names.shown(key) + "' not found", "key");
    }

    private CompletableFuture<WriteResult> write(TableSchema schema, Mutation mutation) {
        return Futures.call(() -> {
                    directory.requireUnchanged(schema);
                    return engine.write(schema.id(), mutation);
                })
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(TableDirectory.translate(failure, schema)));
    }
}
