package com.akidb.table.computed;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.engine.Alteration;
import com.akidb.engine.Cell;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableEngine;
import com.akidb.engine.WriteResult;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSpec;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.table.ColumnFacts;
import com.akidb.table.ColumnFacts.Computed;
import com.akidb.table.ComputedColumnService;
import com.akidb.table.ComputedColumnService.ComputedChange;
import com.akidb.table.ComputedColumnService.ComputedColumn;
import com.akidb.table.ComputedColumnService.ComputedColumn.Change;
import com.akidb.table.ComputedColumnService.ComputedColumn.Fill;
import com.akidb.table.ComputedColumnService.ComputedColumn.Status;
import com.akidb.table.ComputedColumnService.FailedCells;
import com.akidb.table.ComputedColumnService.NewComputedColumn;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.text.Names;
import com.akidb.text.Words;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps computed columns as VECTOR columns of the engine, whose properties say what they are computed from. */
public final class EngineComputedColumns implements ComputedColumnService {

    /** Failed cells read at once: a page, and one more to know whether another page follows. */
    private static final int CELLS_AT_ONCE = MAX_FAILURES + 1;

    private final TableEngine engine;
    private final TableDirectory directory;
    private final ModelRegistry models;
    private final ColumnFills fills;

    public EngineComputedColumns(
            TableEngine engine, TableDirectory directory, ModelRegistry models, ColumnFills fills) {
        this.engine = engine;
        this.directory = directory;
        this.models = models;
        this.fills = fills;
    }

    @Override
    public ComputedColumn create(String table, NewComputedColumn wanted, Account account) {
        TableSchema schema = directory.requireWritable(table);
        if (!wanted.adopt()) {
            Names.requireColumn(wanted.name(), "name");
            schema.requireFree(wanted.name(), null);
            schema.requireRoom();
        }
        Column source = sourceColumn(schema, wanted.source());
        ModelSpec model = usable(wanted.model());
        Map<String, String> facts = new HashMap<>(
                new Computed(source.name(), model.id(), wanted.autoUpdate(), wanted.cache()).properties());
        facts.put(ColumnFacts.MODEL_NAME, wanted.model());
        if (wanted.adopt()) {
            requireFit(schema.column(wanted.name(), "name"), model);
            alter(schema, new Alteration.SetColumnProperties(wanted.name(), facts));
        } else {
            Column column = Column.vector(wanted.name(), model.dimension(), Metric.COSINE)
                    .withProperties(facts);
            charge(schema, source.name(), null, account);
            alter(schema, new Alteration.AddColumn(column, hasText(source.name())));
        }
        return get(table, wanted.name());
    }

    /** The column whose texts are to be embedded. */
    private static Column sourceColumn(TableSchema schema, String name) {
        Column source = schema.column(name, "source_column");
        if (source.type() != ColumnType.STRING) {
            throw new InvalidInputException(
                    ErrorCode.WRONG_TYPE,
                    "source_column must name a column of type string; '" + source.name() + "' is another",
                    "source_column");
        }
        return source;
    }

    /** Refuses to adopt a column whose vectors cannot be the model's. */
    private static void requireFit(Column column, ModelSpec model) {
        if (column.type() != ColumnType.VECTOR || ColumnFacts.computed(column) != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "name must name an embedding column that is not computed yet; '" + column.name() + "' is none",
                    "name");
        }
        if (column.dimension() != model.dimension()) {
            throw new InvalidInputException(
                    ErrorCode.DIMENSION_MISMATCH,
                    "Vector dimension mismatch: column '" + column.name() + "' has " + column.dimension()
                            + " dimensions, model '" + model.id() + "' makes " + model.dimension(),
                    "model");
        }
    }

    /** Rows with a text to embed. */
    private static Predicate hasText(String source) {
        return new Predicate.Not(new Predicate.IsNull(FieldPath.column(source)));
    }

    /** Charges the texts that a fill will embed before it begins; the fill itself is charged to nobody. */
    private void charge(TableSchema schema, String source, @Nullable Predicate where, Account account) {
        Predicate texts = where == null ? hasText(source) : new Predicate.And(List.of(where, hasText(source)));
        account.chargeTexts(
                TableDirectory.reading(schema, () -> engine.reader(schema.id()).count(texts)));
    }

    private long failures(TableSchema schema, Column column) {
        return TableDirectory.reading(schema, () -> engine.reader(schema.id()).countCells(column.name()))
                .failed();
    }

    private static String source(Column column) {
        return Objects.requireNonNull(ColumnFacts.computed(column)).source();
    }

    private ModelSpec usable(String name) {
        ModelSpec model = models.resolve(name);
        model.refusalReason().ifPresent(reason -> {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "Model '" + model.id() + "' cannot be used: " + reason, "model");
        });
        return model;
    }

    @Override
    public List<ComputedColumn> list(String table) {
        return directory.pinnedHere(pin -> {
            TableSchema schema = pin.require(table);
            return schema.columns().stream()
                    .filter(column -> ColumnFacts.computed(column) != null)
                    .map(column -> describe(schema, column))
                    .toList();
        });
    }

    @Override
    public ComputedColumn get(String table, String column) {
        return directory.pinnedHere(pin -> {
            TableSchema schema = pin.require(table);
            return describe(schema, require(schema, column));
        });
    }

    private ComputedColumn describe(TableSchema schema, Column column) {
        Computed computed = Objects.requireNonNull(ColumnFacts.computed(column));
        Column successor = ColumnFacts.successor(schema.definition(), column.name());
        return new ComputedColumn(
                column.name(),
                column.dimension(),
                Objects.requireNonNull(column.metric()),
                computed.source(),
                model(column),
                computed.autoUpdate(),
                computed.cache(),
                fill(schema, column, false),
                successor == null
                        ? null
                        : new Change(model(successor), successor.dimension(), fill(schema, successor, true)));
    }

    private static String model(Column column) {
        return Objects.requireNonNull(column.properties()
                .getOrDefault(ColumnFacts.MODEL_NAME, column.properties().get(ColumnFacts.MODEL)));
    }

    private Fill fill(TableSchema schema, Column column, boolean successor) {
        CellCounts cells = TableDirectory.reading(
                schema, () -> engine.reader(schema.table()).countCells(column.name()));
        String outage = fills.outage(schema.id(), column.name());
        if (cells.pending() == 0) {
            return new Fill(successor && cells.failed() > 0 ? Status.BLOCKED : Status.READY, cells, null);
        }
        if (ColumnFacts.isPaused(column)) {
            return new Fill(Status.PAUSED, cells, null);
        }
        return new Fill(outage == null ? Status.FILLING : Status.WAITING, cells, outage);
    }

    private static Column require(TableSchema schema, String name) {
        return schema.columns().stream()
                .filter(column -> column.name().equals(name) && ColumnFacts.computed(column) != null)
                .findFirst()
                .orElseThrow(() -> new NotFoundException(
                        ErrorCode.NOT_FOUND,
                        "Table '" + Words.shown(schema.name()) + "' has no computed column '" + Words.shown(name) + "'",
                        "column"));
    }

    @Override
    public FailedCells failures(String table, String name, long after, int limit) {
        List<Cell> cells = directory.pinnedHere(pin -> {
            TableSchema schema = pin.require(table);
            return failed(schema, shown(schema, require(schema, name)), after, limit + 1);
        });
        List<FailedCells.FailedCell> page = cells.stream()
                .limit(limit)
                .map(cell -> new FailedCells.FailedCell(cell.key(), Objects.requireNonNullElse(cell.error(), "")))
                .toList();
        return new FailedCells(page, cells.size() > limit ? cells.get(limit - 1).rowId() : null);
    }

    /** The column whose failures to show: the successor if the model is being changed. */
    private static Column shown(TableSchema schema, Column column) {
        Column successor = ColumnFacts.successor(schema.definition(), column.name());
        return successor == null ? column : successor;
    }

    private List<Cell> failed(TableSchema schema, Column column, long after, int limit) {
        String source = source(column);
        return TableDirectory.reading(
                schema,
                () -> engine.reader(schema.table())
                        .cells(new CellQuery(
                                column.name(), CellState.FAILED, source, after, Math.min(limit, CELLS_AT_ONCE))));
    }

    @Override
    public CompletableFuture<Recomputed> refresh(
            String table, String name, @Nullable Predicate where, Duration wait, Account account) {
        TableSchema schema = directory.requireWritable(table);
        Column column = require(schema, name);
        RowSelection rows = where == null ? new RowSelection.All() : new RowSelection.Where(where);
        charge(schema, source(column), where, account);
        return recomputing(
                schema, column, wait, () -> recompute(schema, column, rows).thenApply(Waiting.NONE::and));
    }

    /**
     * Cells marked to be recomputed.
     *
     * @param stamps of the cells
     */
    private record Waiting(Set<Long> stamps, int cells) {

        static final Waiting NONE = new Waiting(Set.of(), 0);

        Waiting and(WriteResult written) {
            if (written.updated() == 0) {
                return this;
            }
            Set<Long> all = new HashSet<>(stamps);
            all.add(written.version());
            return new Waiting(all, cells + written.updated());
        }
    }

    private CompletableFuture<WriteResult> recompute(TableSchema schema, Column column, RowSelection rows) {
        return engine.write(schema.id(), new Mutation.Recompute(column.name(), rows))
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(TableDirectory.translate(failure, schema)));
    }

    /** Marks cells to be recomputed, and follows what becomes of them. */
    private CompletableFuture<Recomputed> recomputing(
            TableSchema schema, Column column, Duration wait, Supplier<CompletableFuture<Waiting>> making) {
        Recomputation cells = fills.follow(schema.id(), column.name());
        CompletableFuture<Recomputed> outcome = Futures.call(making).thenCompose(waiting -> {
            cells.begin(waiting.stamps(), waiting.cells());
            fills.hurry(schema.id(), column.name());
            if (wait.isZero() || ColumnFacts.isPaused(column)) {
                cells.leave();
            }
            return cells.settled()
                    .completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(_ -> cells.outcome());
        });
        // Also after a failure, and when the caller has gone.
        outcome.whenComplete((_, _) -> cells.leave());
        return outcome;
    }

    @Override
    public CompletableFuture<Recomputed> retry(String table, String name, Duration wait, Account account) {
        TableSchema schema = directory.requireWritable(table);
        Column column = require(schema, name);
        Column successor = ColumnFacts.successor(schema.definition(), name);
        account.chargeTexts(failures(schema, column) + (successor == null ? 0 : failures(schema, successor)));
        CompletableFuture<Recomputed> retried = recomputing(schema, column, wait, () -> retry(schema, column));
        return successor == null
                ? retried
                : retried.thenCombine(
                        recomputing(schema, successor, wait, () -> retry(schema, successor)), Recomputed::plus);
    }

    /** Reads a page while the previous one is written, so that one write is queued at a time however many cells failed. */
    private CompletableFuture<Waiting> retry(TableSchema schema, Column column) {
        CompletableFuture<Waiting> waiting = CompletableFuture.completedFuture(Waiting.NONE);
        long after = 0;
        for (List<Cell> page = failed(schema, column, after, CELLS_AT_ONCE);
                !page.isEmpty();
                page = failed(schema, column, after, CELLS_AT_ONCE)) {
            after = page.getLast().rowId();
            List<String> keys = page.stream().map(Cell::key).toList();
            Waiting before = waiting.join();
            waiting = recompute(schema, column, new RowSelection.Keys(keys)).thenApply(before::and);
        }
        return waiting;
    }

    @Override
    public ComputedColumn pause(String table, String column) {
        return set(table, column, ColumnFacts.PAUSED, true);
    }

    @Override
    public ComputedColumn resume(String table, String column) {
        return set(table, column, ColumnFacts.PAUSED, false);
    }

    private ComputedColumn set(String table, String name, String property, boolean value) {
        TableSchema schema = directory.requireWritable(table);
        Column column = require(schema, name);
        set(schema, column, property, value);
        Column successor = ColumnFacts.successor(schema.definition(), name);
        if (successor != null) {
            set(schema, successor, property, value);
        }
        return get(table, name);
    }

    private void set(TableSchema schema, Column column, String property, boolean value) {
        Map<String, String> facts = new HashMap<>(column.properties());
        facts.put(property, Boolean.toString(value));
        alter(schema, new Alteration.SetColumnProperties(column.name(), facts));
        fills.hurry(schema.id(), column.name());
    }

    @Override
    public ComputedColumn change(String table, String name, ComputedChange change, Account account) {
        TableSchema schema = directory.requireWritable(table);
        Column column = require(schema, name);
        if (change.model() != null) {
            ModelSpec model = usable(change.model());
            if (ColumnFacts.successor(schema.definition(), name) != null) {
                throw new ConflictException(
                        ErrorCode.CONFLICT,
                        "The model of '" + Words.shown(name) + "' is being changed already; cancel that first",
                        "model");
            }
            if (!model.id().equals(column.properties().get(ColumnFacts.MODEL))) {
                charge(schema, source(column), null, account);
                succeed(schema, column, model, change.model());
            }
        }
        if (change.autoUpdate() != null) {
            set(table, name, ColumnFacts.AUTO_UPDATE, change.autoUpdate());
        }
        if (change.cache() != null) {
            set(table, name, ColumnFacts.CACHE, change.cache());
        }
        return get(table, name);
    }

    private void succeed(TableSchema schema, Column column, ModelSpec model, String asked) {
        Map<String, String> facts = new HashMap<>(column.properties());
        facts.put(ColumnFacts.MODEL, model.id());
        facts.put(ColumnFacts.MODEL_NAME, asked);
        facts.put(ColumnFacts.REPLACES, column.name());
        facts.remove(ColumnFacts.PAUSED);
        Column successor = Column.vector(
                        ColumnFacts.successorName(column.name()),
                        model.dimension(),
                        Objects.requireNonNull(column.metric()))
                .withProperties(facts);
        alter(schema, new Alteration.AddColumn(successor, hasText(source(column))));
    }

    @Override
    public ComputedColumn cancelChange(String table, String name) {
        TableSchema schema = directory.requireWritable(table);
        require(schema, name);
        Column successor = ColumnFacts.successor(schema.definition(), name);
        if (successor == null) {
            throw new ConflictException(
                    ErrorCode.CONFLICT, "No change of the model of '" + Words.shown(name) + "' is under way", "column");
        }
        alter(schema, new Alteration.DropColumn(successor.name()));
        return get(table, name);
    }

    private void alter(TableSchema schema, Alteration alteration) {
        var unused = TableDirectory.reading(schema, () -> engine.alter(schema.id(), alteration));
    }
}
