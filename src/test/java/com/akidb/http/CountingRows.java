package com.akidb.http;

import com.akidb.account.Account;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.WriteResult;
import com.akidb.query.Predicate;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import com.akidb.table.RowInsert;
import com.akidb.table.RowService;
import com.akidb.table.RowUpdate;
import com.akidb.table.TablePage;
import com.akidb.table.TableQuery;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The real rows, counting the pages that are read. */
public record CountingRows(RowService rows, AtomicInteger pages) implements RowService {

    public CountingRows(RowService rows) {
        this(rows, new AtomicInteger());
    }

    @Override
    public TablePage query(TableQuery query) {
        pages.incrementAndGet();
        return rows.query(query);
    }

    @Override
    public TableSchema schema(String table) {
        return rows.schema(table);
    }

    @Override
    public CompletableFuture<WriteResult> insert(RowInsert insert, Duration timeout, Account account) {
        return rows.insert(insert, timeout, account);
    }

    @Override
    public CompletableFuture<WriteResult> update(RowUpdate update, Duration timeout, Account account) {
        return rows.update(update, timeout, account);
    }

    @Override
    public CompletableFuture<WriteResult> delete(TableSchema schema, Predicate where, Account account) {
        return rows.delete(schema, where, account);
    }

    @Override
    public CompletableFuture<WriteResult> delete(TableSchema schema, String key, Account account) {
        return rows.delete(schema, key, account);
    }

    @Override
    public TableRow get(TableSchema schema, String key, List<Selected> select) {
        return rows.get(schema, key, select);
    }

    @Override
    public long count(TableSchema schema, @Nullable Predicate where) {
        return rows.count(schema, where);
    }

    @Override
    public List<GroupQuery.Group> groups(TableSchema schema, GroupQuery query) {
        return rows.groups(schema, query);
    }

    @Override
    public List<String> explain(TableQuery query) {
        return rows.explain(query);
    }
}
