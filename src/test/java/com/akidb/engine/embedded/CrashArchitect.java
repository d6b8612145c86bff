package com.akidb.engine.embedded;

import com.akidb.engine.Alteration;
import com.akidb.engine.Cell;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Mutation;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.WriteResult;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Changes the table of the crash test under its clients: adds, drops and replaces columns, makes and drops indexes, and
 * fills in what is to be computed, whatever state the last process left behind.
 */
final class CrashArchitect {

    private static final long PAUSE_NANOS = 3_000_000;

    private final EmbeddedTableEngine engine;
    private final UUID table;
    private final Random random = new Random();

    /** Who writes knows all columns that there are. */
    private final ReadWriteLock columns = new ReentrantReadWriteLock();

    CrashArchitect(EmbeddedTableEngine engine, UUID table) {
        this.engine = engine;
        this.table = table;
    }

    /** Queues a client's operation for the columns that there are. */
    CompletableFuture<WriteResult> write(Mutation operation) {
        columns.readLock().lock();
        try {
            return engine.write(table, CrashOperations.fitted(operation, definition()));
        } finally {
            columns.readLock().unlock();
        }
    }

    private TableDefinition definition() {
        return engine.find(table).orElseThrow().definition();
    }

    private boolean has(String column) {
        return definition().columns().stream().anyMatch(known -> known.name().equals(column));
    }

    void alterForEver() {
        while (true) {
            switch (random.nextInt(4)) {
                case 0 -> toggleExtra();
                case 1 -> toggleIndex("words", IndexMethod.TEXT, "text");
                case 2 -> toggleIndex("tree", IndexMethod.BTREE, "text");
                default -> stepToNextVectors();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void toggleExtra() {
        alter(
                has("extra")
                        ? new Alteration.DropColumn("extra")
                        : new Alteration.AddColumn(
                                Column.of("extra", ColumnType.INT, true).withDefault(CrashOperations.EXTRA), null));
    }

    private void toggleIndex(String name, IndexMethod method, String column) {
        boolean there = engine.indexes(table).stream()
                .map(IndexStatus::definition)
                .anyMatch(definition -> definition != null && definition.name().equals(name));
        if (!there) {
            engine.createIndex(table, new IndexDefinition(name, List.of(column), method, null, Map.of()));
        } else if (random.nextInt(3) == 0) {
            engine.rebuildIndex(table, name);
        } else {
            engine.dropIndex(table, name);
        }
    }

    private void stepToNextVectors() {
        if (has("next")) {
            TableDefinition now = definition();
            Map<String, String> generation =
                    now.columns().get(now.indexOf("next")).properties();
            alter(new Alteration.ReplaceColumn("vector", "next", generation));
        } else {
            Column next = Column.vector("next", CrashOperations.DIMENSION, Metric.COSINE)
                    .withProperties(Map.of("generation", Integer.toString(random.nextInt())));
            alter(new Alteration.AddColumn(next, new Predicate.And(List.of())));
        }
    }

    private void alter(Alteration alteration) {
        columns.writeLock().lock();
        try {
            engine.alter(table, alteration);
        } finally {
            columns.writeLock().unlock();
        }
    }

    void fillForEver() {
        while (true) {
            for (Column column : definition().columns()) {
                if (column.type() == ColumnType.VECTOR) {
                    fill(column);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** What is computed late, for a column or a cell that has changed since, must be passed over or refused. */
    private void fill(Column column) {
        try {
            List<Cell> cells =
                    engine.reader(table).cells(new CellQuery(column.name(), CellState.PENDING, "text", 0, 100));
            List<Mutation.Computed> computed = new ArrayList<>();
            for (Cell cell : cells) {
                float[] vector = CrashOperations.vector(String.valueOf(cell.source()), column);
                computed.add(new Mutation.Computed(cell.rowId(), cell.stamp(), vector));
            }
            columns.readLock().lock();
            try {
                if (definition().columns().contains(column)) {
                    engine.write(table, new Mutation.Fill(column.name(), computed));
                }
            } finally {
                columns.readLock().unlock();
            }
        } catch (InvalidInputException columnIsGone) {
            // Then there is nothing to fill.
        }
    }
}
