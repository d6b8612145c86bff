package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.TableEngine;
import com.akidb.engine.WriteResult;
import com.akidb.query.Predicate;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Rows as the engine keeps them. */
final class EngineRowService implements RowService {

    private final TableEngine engine;
    private final TableDirectory directory;
    private final RowWrites writes;
    private final RowReads reads;

    EngineRowService(TableEngine engine, TableDirectory directory, RowWrites writes, RowReads reads) {
        this.engine = engine;
        this.directory = directory;
        this.writes = writes;
        this.reads = reads;
    }

    @Override
    public TableSchema schema(String table) {
        return directory.require(table);
    }

    @Override
    public CompletableFuture<WriteResult> insert(RowInsert insert, Duration timeout, Account account) {
        return Futures.call(() -> writes.insert(insert, timeout, account));
    }

    @Override
    public CompletableFuture<WriteResult> update(RowUpdate update, Duration timeout, Account account) {
        return Futures.call(() -> writes.update(update, timeout, account));
    }

    @Override
    public CompletableFuture<WriteResult> delete(TableSchema schema, Predicate where, Account account) {
        return Futures.call(() -> writes.delete(schema, where, null, account));
    }

    @Override
    public CompletableFuture<WriteResult> delete(TableSchema schema, String key, Account account) {
        return Futures.call(() -> writes.delete(schema, null, key, account));
    }

    @Override
    public TableRow get(TableSchema schema, String key, List<Selected> select) {
        return reads.get(schema, key, select);
    }

    @Override
    public TablePage query(TableQuery query) {
        return reads.query(query);
    }

    @Override
    public long count(TableSchema schema, @Nullable Predicate where) {
        return TableDirectory.reading(schema, () -> engine.count(schema.id(), where));
    }

    @Override
    public List<GroupQuery.Group> groups(TableSchema schema, GroupQuery query) {
        return TableDirectory.reading(schema, () -> engine.groups(schema.id(), query));
    }

    @Override
    public List<String> explain(TableQuery query) {
        return reads.explain(query);
    }
}
