package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.concurrent.Futures;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.Mutation;
import com.akidb.engine.Mutation.IfMissing;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Once;
import com.akidb.engine.QueryPage;
import com.akidb.engine.RowQuery;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableMutation;
import com.akidb.engine.WriteResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.memory.Heap;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import com.akidb.text.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the rows of tables. Methods that return a future never block on disk or inference; the others, except
 * {@link #schema}, read from disk and do not belong on an event loop. Collections are read here like tables, but written
 * through their own service. Rows written and texts embedded are charged to the given account. Failures are
 * {@link com.akidb.error.AkidbException}s that name fields as the REST API does.
 */
public class RowService {

    /** The name under which the rows of a similarity search show their score, and by which they can be ordered. */
    public static final String SCORE = "similarity_score";

    private final TableEngine engine;
    private final TableDirectory directory;
    private final RowRules rules;
    private final ComputedCells computed;

    public RowService(TableEngine engine, TableDirectory directory, TableProperties bounds, ComputedCells computed) {
        this.engine = engine;
        this.directory = directory;
        this.rules = new RowRules(bounds);
        this.computed = computed;
    }

    /** What of a table a caller may see; touches no disk. NotFound if that is nothing. */
    public TableSchema schema(String table, Rights rights) {
        return directory.require(table, rights);
    }

    /** Whether a row is there for the caller of the schema. */
    public boolean isThere(TableSchema schema, String key) {
        return directory.reader(schema).get(key, false).isPresent();
    }

    /** Inserts rows, all or none; completes when they are durable and searchable. */
    public CompletableFuture<WriteResult> insert(RowInsert insert, Duration timeout, Account account) {
        return Futures.call(() -> {
            TableSchema given = insert.schema();
            requireInsertable(insert);
            rules.complete(given, insert.rows());
            account.chargeRows(insert.rows().size());
            return write(given, Once.of(account, result -> result), schema -> {
                CompletableFuture<List<@Nullable Object[]>> filled =
                        computed.insert(schema, schema.rows(insert.rows(), given), insert.embed(), timeout, account);
                return Futures.then(filled, rows -> {
                    List<List<@Nullable Object>> lists = new ArrayList<>(rows.size());
                    for (@Nullable Object[] row : rows) {
                        lists.add(Arrays.<@Nullable Object>asList(row));
                    }
                    return new Mutation.Insert(lists, insert.onConflict());
                });
            });
        });
    }

    private static void requireInsertable(RowInsert insert) {
        TableDirectory.requireWritable(insert.schema());
        if (insert.onConflict() == OnConflict.REPLACE && insert.schema().hidesColumns()) {
            throw new ForbiddenException(
                    "Rows cannot be replaced by who may not see all of their columns: the others would be lost; update"
                            + " them instead",
                    "on_conflict");
        }
    }

    /**
     * Rows to insert in a commit of the caller's own; their embeddings follow in the background. Touches no disk. The write is
     * for the columns that the rows were read for.
     */
    public TableMutation insertion(RowInsert insert, Account account) {
        TableSchema schema = insert.schema();
        requireInsertable(insert);
        rules.complete(schema, insert.rows());
        account.chargeRows(insert.rows().size());
        List<List<@Nullable Object>> rows =
                computed.insert(schema, insert.rows(), EmbedMode.ASYNC, Duration.ZERO, account).join().stream()
                        .<List<@Nullable Object>>map(row -> Arrays.<@Nullable Object>asList(row))
                        .toList();
        return schema.write(new Mutation.Insert(rows, insert.onConflict()));
    }

    /** As {@link #insertion}, for new values of a row. */
    public TableMutation change(
            TableSchema schema, RowSelection rows, Map<String, @Nullable Object> values, Account account) {
        TableDirectory.requireWritable(schema);
        rules.requireChanges(schema, values);
        account.chargeRows(1);
        Map<String, @Nullable Object> whole = computed.update(
                        schema, List.of(values), EmbedMode.ASYNC, Duration.ZERO, account)
                .join()
                .getFirst();
        return schema.write(new Mutation.Update(rows, whole));
    }

    /** As {@link #insertion}, for rows to delete. */
    public TableMutation deletion(TableSchema schema, RowSelection rows) {
        TableDirectory.requireWritable(schema);
        return schema.write(new Mutation.Delete(rows));
    }

    /** Updates rows, all or none; completes when they are durable and searchable. NotFound if a key has no row. */
    public CompletableFuture<WriteResult> update(RowUpdate update, Duration timeout, Account account) {
        return Futures.call(() -> {
            TableDirectory.requireWritable(update.schema());
            rules.requireChanges(update.schema(), update.values());
            RowSelection selection = selection(update.where(), update.key());
            Once once = Once.of(account, result -> found(result, result.updated(), update.key()));
            CompletableFuture<WriteResult> written = write(update.schema(), once, schema -> {
                CompletableFuture<List<Map<String, @Nullable Object>>> whole =
                        computed.update(schema, List.of(update.values()), update.embed(), timeout, account);
                return Futures.then(whole, values -> new Mutation.Update(selection, values.getFirst()));
            });
            return found(written, WriteResult::updated, update.key(), account::updatedRows);
        });
    }

    /**
     * Updates rows, each with values of its own, all or none; completes when they are durable and searchable. Rows that are
     * passed over since they are not there count as ignored.
     */
    public CompletableFuture<WriteResult> update(RowUpdates updates, Duration timeout, Account account) {
        return Futures.call(() -> {
            TableSchema given = updates.schema();
            TableDirectory.requireWritable(given);
            rules.requireChanges(given, updates.rows());
            String key = given.definition().primaryKey();
            List<Object> keys = new ArrayList<>(updates.rows().size());
            List<Map<String, @Nullable Object>> changes =
                    new ArrayList<>(updates.rows().size());
            for (Map<String, @Nullable Object> row : updates.rows()) {
                Map<String, @Nullable Object> values = new HashMap<>(row);
                keys.add(Objects.requireNonNull(values.remove(key)));
                changes.add(values);
            }
            CompletableFuture<WriteResult> written = write(given, Once.of(account, result -> result), schema -> {
                CompletableFuture<List<Map<String, @Nullable Object>>> whole =
                        computed.update(schema, changes, updates.embed(), timeout, account);
                return Futures.then(whole, values -> {
                    List<Mutation.RowValues> rows = new ArrayList<>(keys.size());
                    for (int i = 0; i < keys.size(); i++) {
                        rows.add(new Mutation.RowValues(keys.get(i), values.get(i)));
                    }
                    return new Mutation.UpdateEach(rows, updates.ifMissing());
                });
            });
            return found(written, WriteResult::updated, null, account::updatedRows);
        });
    }

    /** Deletes the rows that satisfy a condition. */
    public CompletableFuture<WriteResult> delete(TableSchema schema, Predicate where, Account account) {
        return Futures.call(() -> delete(schema, where, null, account));
    }

    /** Deletes one row; NotFound if there is none. */
    public CompletableFuture<WriteResult> delete(TableSchema schema, String key, Account account) {
        return Futures.call(() -> delete(schema, null, key, account));
    }

    private CompletableFuture<WriteResult> delete(
            TableSchema given, @Nullable Predicate where, @Nullable String key, Account account) {
        TableDirectory.requireWritable(given);
        Mutation delete = new Mutation.Delete(selection(where, key));
        Once once = Once.of(account, result -> found(result, result.deleted(), key));
        CompletableFuture<WriteResult> written =
                write(given, once, schema -> CompletableFuture.completedFuture(delete));
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
            found(result, changed, key);
            account.accept(changed);
            return result;
        });
    }

    private static WriteResult found(WriteResult result, int changed, @Nullable String key) {
        if (key != null && changed == 0) {
            throw noRow(key);
        }
        return result;
    }

    /** What is said of a row that is not there. */
    public static NotFoundException noRow(String key) {
        return new NotFoundException(ErrorCode.NOT_FOUND, "Row '" + Words.shown(key) + "' not found", "key");
    }

    /** Makes the mutation that fits the columns of a table. */
    private interface Making {
        CompletableFuture<Mutation> by(TableSchema schema);
    }

    private CompletableFuture<WriteResult> write(TableSchema given, @Nullable Once once, Making making) {
        return directory.pinnedWrite(given, schema -> {
            CompletableFuture<Mutation> made = making.by(schema);
            CompletableFuture<WriteResult> written =
                    made.thenCompose(mutation -> engine.write(schema.write(mutation), once));
            Futures.cancelWith(written, made);
            return written;
        });
    }

    /** One row; NotFound if there is none. */
    public TableRow get(TableSchema given, String key, List<Selected> select) {
        return directory.pinnedHere(pin -> {
            TableSchema schema = pin.table(given);
            Projection projection = new Projection(schema, select);
            return directory
                    .reader(schema)
                    .get(key, projection.needsVectors())
                    .map(row -> projection.of(row, null))
                    .orElseThrow(() -> noRow(key));
        });
    }

    /** A page of rows, all as of one commit. */
    public TablePage query(TableQuery query) {
        RowQuery.Place place = place(query);
        return directory.pinnedHere(pin -> page(query, place, pin.table(query.schema())));
    }

    private TablePage page(TableQuery query, RowQuery.@Nullable Place place, TableSchema schema) {
        Projection projection = new Projection(schema, query.select());
        QueryPage page = directory.reader(schema).query(rows(query, place, projection));
        RowQuery.Place next = page.next();
        List<TableRow> found = new ArrayList<>(page.rows().size());
        for (int i = 0; i < page.rows().size(); i++) {
            found.add(projection.of(page.rows().get(i), page.computed().get(i), null));
        }
        return new TablePage(found, next == null ? null : Cursors.encode(query, next));
    }

    /** Checks a query; returns where it begins, null for the first row. */
    private static RowQuery.@Nullable Place place(TableQuery query) {
        if (query.limit() < 1 || query.limit() > TableQuery.MAX_LIMIT) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, "limit", "must be 1 to " + TableQuery.MAX_LIMIT + ", got " + query.limit());
        }
        if (query.offset() < 0) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, "offset", "must be 0 or more, got " + query.offset());
        }
        if (query.cursor() != null && query.offset() > 0) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "offset",
                    "cannot be used with a cursor, which already says where to begin");
        }
        return query.cursor() == null ? null : Cursors.decode(query, query.cursor());
    }

    private static RowQuery rows(TableQuery query, RowQuery.@Nullable Place place, Projection projection) {
        return new RowQuery(
                query.where(),
                query.order(),
                place,
                query.offset(),
                query.limit(),
                Heap.page(), // A page ends early rather than hold more, and tells where it goes on.
                projection.needsVectors(),
                projection.expressions());
    }

    /** The number of rows that satisfy a condition; of all rows for null. */
    public long count(TableSchema schema, @Nullable Predicate where) {
        return directory.pinnedHere(pin -> directory.reader(pin.table(schema)).count(where));
    }

    /** The distinct combinations of values, with the number of rows that have each. */
    public List<GroupQuery.Group> groups(TableSchema schema, GroupQuery query) {
        return directory.pinnedHere(pin -> directory.reader(pin.table(schema)).groups(query));
    }

    /** The plan of a query, line by line. */
    public List<String> explain(TableQuery query) {
        RowQuery.Place place = place(query);
        return directory.pinnedHere(pin -> {
            TableSchema schema = pin.table(query.schema());
            return directory.reader(schema).explain(rows(query, place, new Projection(schema, query.select())));
        });
    }

    /**
     * Rows to insert.
     *
     * @param rows values in the order of the schema's columns, hidden ones included; {@link #ABSENT} where the caller gave
     *     none, for which the default is taken. The arrays belong to the insert from now on
     * @param embed when the insert completes
     */
    public record RowInsert(TableSchema schema, List<@Nullable Object[]> rows, OnConflict onConflict, EmbedMode embed) {

        /** Most rows of one insert. */
        public static final int MAX_ROWS = 10_000;

        /** Stands for a value that the caller did not give. */
        public static final Object ABSENT = new Object() {
            @Override
            public String toString() {
                return "absent";
            }
        };
    }

    /**
     * Rows to update.
     *
     * @param where selects the rows; null if a key does
     * @param key primary key of the one row, as text; null if a condition selects rows
     * @param values new values by column, at least one
     * @param embed when the update completes
     */
    public record RowUpdate(
            TableSchema schema,
            @Nullable Predicate where,
            @Nullable String key,
            Map<String, @Nullable Object> values,
            EmbedMode embed) {

        public RowUpdate {
            values = Collections.<String, @Nullable Object>unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /**
     * Rows to update, each with values of its own.
     *
     * @param rows of each, its primary key and at least one other value, by column
     * @param embed when the update completes
     */
    public record RowUpdates(
            TableSchema schema, List<Map<String, @Nullable Object>> rows, IfMissing ifMissing, EmbedMode embed) {

        /** Most rows of one update. */
        public static final int MAX_ROWS = RowInsert.MAX_ROWS;

        public RowUpdates {
            rows = List.copyOf(rows);
        }
    }

    /** When a write to a table with computed columns completes. */
    public enum EmbedMode {
        /** Once rows and their vectors are durable. */
        SYNC,
        /** Once rows are durable; their vectors follow in the background. */
        ASYNC
    }

    /**
     * A query for rows.
     *
     * @param where the rows to return; null for all
     * @param order of the rows; ties, and all rows if it is empty, come in the order of insertion
     * @param limit 1 to {@value #MAX_LIMIT}
     * @param offset rows to skip, 0 or more; 0 with a cursor
     * @param cursor where the page begins, from an earlier page of the same query; null for the first page
     */
    public record TableQuery(
            TableSchema schema,
            List<Selected> select,
            @Nullable Predicate where,
            List<Sort> order,
            int limit,
            long offset,
            @Nullable String cursor) {

        public static final int MAX_LIMIT = 10_000;
        public static final int DEFAULT_LIMIT = 100;

        public TableQuery {
            select = List.copyOf(select);
            order = List.copyOf(order);
        }

        /** The same query for another page. */
        public TableQuery from(@Nullable String place, int rows) {
            return new TableQuery(schema, select, where, order, rows, place == null ? offset : 0, place);
        }
    }

    /**
     * A page of rows, all as of one commit.
     *
     * @param nextCursor where the next page begins; null on the last page
     */
    public record TablePage(List<TableRow> rows, @Nullable String nextCursor) {

        public TablePage {
            rows = List.copyOf(rows);
        }
    }
}
