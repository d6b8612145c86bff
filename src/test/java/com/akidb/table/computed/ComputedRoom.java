package com.akidb.table.computed;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.embedding.RealModel;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.EmbeddedTableEngine;
import com.akidb.engine.embedded.Engines;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ComputedCells;
import com.akidb.table.ComputedColumnService;
import com.akidb.table.ComputedColumnService.ComputedColumn;
import com.akidb.table.ComputedColumnService.NewComputedColumn;
import com.akidb.table.RowService;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.RowService.RowUpdate;
import com.akidb.table.RowService.RowUpdates;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.table.TableService;
import com.akidb.table.TableService.NewColumn;
import com.akidb.table.TableService.NewTable;
import com.akidb.table.TestRows;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Computed columns over a real engine and scripted models, with one table of notes. */
final class ComputedRoom implements AutoCloseable {

    static final String SMALL = "all-minilm-l6-v2";
    static final String LARGE = "openai/text-embedding-3-small";
    static final String TABLE = "notes";
    static final String COLUMN = "vec";

    final EmbeddedTableEngine engine;
    final ScriptedEmbedding models;
    final ColumnFills fills;
    final ComputedColumnService columns;
    final TableService tables;
    final RowService rows;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** What happens once the next write has read what the table is made of. */
    final Queue<Runnable> onTheWay = new ConcurrentLinkedQueue<>();

    /** Opens what is there and begins to fill. */
    static ComputedRoom filling(Path directory, ScriptedEmbedding models) {
        ComputedRoom room = new ComputedRoom(directory, models);
        room.fills.start();
        return room;
    }

    /** Opens what is there and leaves it as it is. */
    ComputedRoom(Path directory, ScriptedEmbedding models) {
        this.models = models;
        engine = Engines.open(directory);
        ColumnEmbedder embedder = new ColumnEmbedder(models, RealModel.registry());
        fills = new ColumnFills(engine, embedder, meters, InstantSource.system());
        columns = new EngineComputedColumns(engine, new TableDirectory(engine), RealModel.registry(), fills);
        tables = TestRows.tables(engine);
        rows = TestRows.of(engine, new InterruptedCells(new EmbeddedCells(embedder)));
    }

    /** Computes cells after what happens on the way. */
    private final class InterruptedCells implements ComputedCells {

        private final ComputedCells cells;

        InterruptedCells(ComputedCells cells) {
            this.cells = cells;
        }

        private void interrupt() {
            Runnable next = onTheWay.poll();
            if (next != null) {
                next.run();
            }
        }

        @Override
        public CompletableFuture<List<@Nullable Object[]>> insert(
                TableSchema schema, List<@Nullable Object[]> given, EmbedMode mode, Duration timeout, Account account) {
            interrupt();
            return cells.insert(schema, given, mode, timeout, account);
        }

        @Override
        public CompletableFuture<List<Map<String, @Nullable Object>>> update(
                TableSchema schema,
                List<Map<String, @Nullable Object>> changed,
                EmbedMode mode,
                Duration timeout,
                Account account) {
            interrupt();
            return cells.update(schema, changed, mode, timeout, account);
        }
    }

    void createTable() {
        tables.create(new NewTable(
                TABLE,
                List.of(
                        NewColumn.of("id", com.akidb.engine.ColumnType.STRING),
                        NewColumn.of("note", com.akidb.engine.ColumnType.STRING)),
                "id"));
    }

    ComputedColumn createColumn(String model) {
        return columns.create(TABLE, new NewComputedColumn(COLUMN, "note", model, true, true), Account.SERVER);
    }

    CompletableFuture<WriteResult> insert(EmbedMode mode, String... idsAndNotes) {
        TableSchema schema = rows.schema(TABLE, Rights.ALL);
        List<@Nullable Object[]> all = new ArrayList<>();
        for (int i = 0; i < idsAndNotes.length; i += 2) {
            @Nullable Object[] row = new Object[schema.definition().columns().size()];
            java.util.Arrays.fill(row, RowInsert.ABSENT);
            row[0] = idsAndNotes[i];
            row[1] = idsAndNotes[i + 1];
            all.add(row);
        }
        return rows.insert(
                new RowInsert(schema, all, OnConflict.REPLACE, mode), Duration.ofSeconds(20), Account.SERVER);
    }

    void insertMany(int count) {
        String[] all = new String[count * 2];
        for (int i = 0; i < count; i++) {
            all[2 * i] = "r" + i;
            all[2 * i + 1] = "note number " + i;
        }
        done(insert(EmbedMode.ASYNC, all));
    }

    CompletableFuture<WriteResult> update(EmbedMode mode, String id, String note) {
        Map<String, Object> values = new java.util.HashMap<>();
        values.put("note", note);
        return rows.update(
                new RowUpdate(rows.schema(TABLE, Rights.ALL), null, id, values, mode),
                Duration.ofSeconds(20),
                Account.SERVER);
    }

    @SuppressWarnings("NullAway") // the class file of the record does not say that its maps may hold null
    CompletableFuture<WriteResult> update(EmbedMode mode, List<Map<String, @Nullable Object>> each) {
        return rows.update(
                new RowUpdates(rows.schema(TABLE, Rights.ALL), each, Mutation.IfMissing.ERROR, mode),
                Duration.ofSeconds(20),
                Account.SERVER);
    }

    ComputedColumn column() {
        return columns.get(TABLE, COLUMN);
    }

    /** Waits until the column is so; looking costs little, and it changes by itself. */
    ComputedColumn await(java.util.function.Predicate<ComputedColumn> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        ComputedColumn now = column();
        while (!wanted.test(now)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still " + now);
            }
            Thread.onSpinWait();
            TimeUnit.MILLISECONDS.sleep(5);
            now = column();
        }
        return now;
    }

    ComputedColumn awaitFull() throws InterruptedException {
        // What is counted is durable; a fill that has ended is searchable as well.
        return await(column -> column.fill().cells().pending() == 0 && column.change() == null && fills.running() == 0);
    }

    /** Ids of the rows whose vectors are nearest to that of a text in a model. */
    List<String> nearest(String model, String text, int k) {
        return engine
                .reader(rows.schema(TABLE, Rights.ALL).id())
                .search(new VectorSearch(COLUMN, ScriptedEmbedding.vector(model, text), k, null, 0.99f, false, false))
                .hits()
                .stream()
                .map(hit -> (String) hit.row().values().getFirst())
                .toList();
    }

    /** All rows with their vectors. */
    List<Row> all() {
        List<Row> all = new ArrayList<>();
        Long after = 0L;
        while (after != null) {
            RowPage page = engine.reader(rows.schema(TABLE, Rights.ALL).id()).list(after, 1_000, true);
            all.addAll(page.rows());
            after = page.nextCursor();
        }
        return all;
    }

    static Predicate idIs(String id) {
        return new Predicate.Compare(FieldPath.column("id"), Predicate.Operator.EQUAL, id);
    }

    static <T> T done(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        models.letAll();
        fills.close();
        engine.close();
    }
}
