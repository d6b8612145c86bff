package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.engine.Mutation;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableEngine;
import com.akidb.engine.WriteResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import com.akidb.query.Predicate;
import com.akidb.text.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows: checks all of them, fills computed cells, hands them to the engine as one write, which is made for the
 * columns that the table had when it was made.
 */
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

    /** Makes a write for the columns that a table has. */
    private interface Making {
        CompletableFuture<Mutation> by(TableSchema schema);
    }

    CompletableFuture<WriteResult> insert(RowInsert insert, Duration timeout, Account account) {
        TableSchema given = insert.schema();
        TableDirectory.requireWritable(given);
        rules.complete(given, insert.rows());
        account.chargeRows(insert.rows().size());
        return write(given, schema -> {
            CompletableFuture<List<@Nullable Object[]>> filled =
                    computed.insert(schema, schema.rows(insert.rows(), given), insert.embed(), timeout, account);
            CompletableFuture<Mutation> made = filled.thenApply(rows -> {
                List<List<@Nullable Object>> lists = new ArrayList<>(rows.size());
                for (@Nullable Object[] row : rows) {
                    lists.add(Arrays.<@Nullable Object>asList(row));
                }
                return new Mutation.Insert(lists, insert.onConflict());
            });
            Futures.cancelWith(made, filled);
            return made;
        });
    }

    CompletableFuture<WriteResult> update(RowUpdate update, Duration timeout, Account account) {
        TableDirectory.requireWritable(update.schema());
        rules.requireChanges(update.schema(), update.values());
        RowSelection selection = selection(update.where(), update.key());
        CompletableFuture<WriteResult> written = write(update.schema(), schema -> {
            CompletableFuture<Map<String, @Nullable Object>> cells =
                    computed.update(schema, update.values(), update.embed(), timeout, account);
            CompletableFuture<Mutation> made = cells.thenApply(more -> {
                Map<String, @Nullable Object> values = new HashMap<>(update.values());
                values.putAll(more);
                return new Mutation.Update(selection, values);
            });
            Futures.cancelWith(made, cells);
            return made;
        });
        return found(written, WriteResult::updated, update.key(), account::updatedRows);
    }

    CompletableFuture<WriteResult> delete(
            TableSchema given, @Nullable Predicate where, @Nullable String key, Account account) {
        TableDirectory.requireWritable(given);
        Mutation delete = new Mutation.Delete(selection(where, key));
        CompletableFuture<WriteResult> written = write(given, schema -> CompletableFuture.completedFuture(delete));
        return found(written, WriteResult::deleted, key, account::deletedRows);
    }

    private static RowSelection selection(@Nullable Predicate where, @Nullable String key) {
        if (key != null) {
            return RowSelection.keys(key);
        }
        return where == null ? new RowSelection.All() : new RowSelection.Where(where);
    }

    private static CompletableFuture<WriteResult> found(
            CompletableFuture<WriteResult> written,
            ToIntFunction<WriteResult> rows,
            @Nullable String key,
            LongConsumer account) {
        return Futures.then(written, result -> {
            int changed = rows.applyAsInt(result);
            if (key != null && changed == 0) {
                throw noRow(key);
            }
            account.accept(changed);
            return result;
        });
    }

    static NotFoundException noRow(String key) {
        return new NotFoundException(ErrorCode.NOT_FOUND, "Row '" + Words.shown(key) + "' not found", "key");
    }

    private CompletableFuture<WriteResult> write(TableSchema given, Making making) {
        return directory.pinnedWrite(given, schema -> {
            CompletableFuture<Mutation> made = making.by(schema);
            CompletableFuture<WriteResult> written =
                    made.thenCompose(mutation -> engine.write(schema.id(), mutation, schema.definition()));
            Futures.cancelWith(written, made);
            return written;
        });
    }
}
