package com.akidb.table.search;

import com.akidb.concurrent.Futures;
import com.akidb.engine.Column;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.error.InternalException;
import com.akidb.table.ColumnModel;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps a search to one model, also when its column gets another while it is on its way. */
final class SteadyModel {

    /** More than one change during a search is hard to hit. */
    private static final int TRIES = 3;

    private final TableEngine engine;

    SteadyModel(TableEngine engine) {
        this.engine = engine;
    }

    /**
     * Searches, and again if the column got another model meanwhile: a query is only ever compared with vectors of the
     * model that embedded it.
     */
    <T> CompletableFuture<T> search(
            TableSchema schema, String name, Function<TableSchema, CompletableFuture<T>> search) {
        return search(schema, name, TRIES, search);
    }

    private <T> CompletableFuture<T> search(
            TableSchema schema, String name, int tries, Function<TableSchema, CompletableFuture<T>> search) {
        CompletableFuture<T> found = Futures.call(() -> search.apply(schema));
        CompletableFuture<T> answer = found.handle((value, failure) -> {
                    TableSchema now = ifOtherModel(schema, name);
                    if (now == null) {
                        return found;
                    }
                    return tries > 1
                            ? search(now, name, tries - 1, search)
                            : CompletableFuture.<T>failedFuture(
                                    new InternalException("The column's model changed while it was searched"));
                })
                .thenCompose(same -> same)
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(TableDirectory.translate(failure, schema)));
        Futures.cancelWith(answer, found);
        return answer;
    }

    /** The table as it is now if a column of it has another model than it had; else null. */
    private @Nullable TableSchema ifOtherModel(TableSchema schema, String name) {
        Table now = engine.find(schema.id()).orElse(null);
        if (now == null || now.definition() == schema.definition() || schema.position(name) < 0) {
            return null;
        }
        TableSchema current = new TableSchema(now);
        if (current.position(name) < 0) {
            return null;
        }
        Column before = schema.column(name, "column");
        Column after = current.column(name, "column");
        return after.dimension() == before.dimension()
                        && Objects.equals(ColumnModel.of(current, after), ColumnModel.of(schema, before))
                ? null
                : current;
    }
}
