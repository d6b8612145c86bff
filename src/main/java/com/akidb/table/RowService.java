package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.WriteResult;
import com.akidb.query.Predicate;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Rows of tables. Methods that return a future never block on disk or inference; the others read the disk and so do not
 * belong on an event loop, but for {@link #schema}. Collections are read here like tables, and written through their own
 * service. What is
 * written and embedded is charged to the account that comes along. Failures are {@link com.akidb.error.AkidbException}s that name fields as the REST surface does.
 */
public interface RowService {

    /** The name under which rows of a search by similarity show their score, and orders of such a search name it. */
    String SCORE = "similarity_score";

    /** What a table's rows are made of; touches no disk. NotFound if there is no such table. */
    TableSchema schema(String table);

    /** Inserts rows, all or none; completes when durable and searchable. */
    CompletableFuture<WriteResult> insert(RowInsert insert, Duration timeout, Account account);

    /** Changes rows, all or none; completes when durable and searchable. NotFound if a row is named that is not there. */
    CompletableFuture<WriteResult> update(RowUpdate update, Duration timeout, Account account);

    /** Deletes the rows that satisfy a condition. */
    CompletableFuture<WriteResult> delete(TableSchema schema, Predicate where, Account account);

    /** Deletes one row; NotFound if there is none. */
    CompletableFuture<WriteResult> delete(TableSchema schema, String key, Account account);

    /** One row; NotFound if there is none. */
    TableRow get(TableSchema schema, String key, List<Selected> select);

    /** A page of rows. */
    TablePage query(TableQuery query);

    /** How many rows satisfy a condition; all for null. */
    long count(TableSchema schema, @Nullable Predicate where);

    /** Which combinations of values there are, and how many rows have each. */
    List<GroupQuery.Group> groups(TableSchema schema, GroupQuery query);

    /** How a query would be run, line by line. */
    List<String> explain(TableQuery query);
}
