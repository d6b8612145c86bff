package com.akidb.engine;

import com.akidb.engine.Changes.Change;
import com.akidb.engine.Changes.Place;
import com.akidb.engine.Commit.Kind;
import com.akidb.engine.Commit.TableChange;
import com.akidb.engine.ReferenceTable.Mark;
import com.akidb.engine.ReferenceTable.Stored;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.query.Evaluator;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.vector.Metric;
import com.akidb.vector.Vectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine as simple as it can be: rows in maps, every question answered by looking at all of them, one caller at a time.
 * It keeps every contract, so that tests which run on it run on what engines promise, and it is the second engine that shows
 * what of a contract is only a habit of the first.
 */
public class ReferenceEngine implements TableEngine {

    private static final int MOST_ROWS = 10_000;
    private static final int MOST_CELLS = 1_000;
    private static final int MOST_MUTATIONS = 1_000;

    /** What an engine leaves behind when it is closed, and the next one finds. */
    public static final class Disk {
        private final Map<UUID, ReferenceTable> tables = new LinkedHashMap<>();
        private long version;
    }

    private final Disk disk;
    private final CommitFeed feed = new CommitFeed();

    /** Fair, so that callers who never pause let the others in. */
    private final ReentrantLock one = new ReentrantLock(true);

    private boolean closed;

    public ReferenceEngine() {
        this(new Disk());
    }

    public ReferenceEngine(Disk disk) {
        this.disk = disk;
    }

    private <T> T alone(Supplier<T> work) {
        one.lock();
        try {
            if (closed) {
                throw new UnavailableException("The engine is closed");
            }
            return work.get();
        } finally {
            one.unlock();
        }
    }

    private <T> T read(UUID table, Function<ReferenceTable, T> work) {
        return alone(() -> work.apply(get(table)));
    }

    private ReferenceTable get(UUID id) {
        ReferenceTable table = disk.tables.get(id);
        if (table == null) {
            throw new NotFoundException("There is no table " + id);
        }
        return table;
    }

    /** Changes a copy of a table, which takes the table's place if that went well. */
    private <T> T change(UUID id, Function<ReferenceTable, T> change) {
        return alone(() -> {
            ReferenceTable copy = get(id).copy();
            T result = change.apply(copy);
            if (copy.version > disk.version) {
                copy.noteChanges(get(id), copy.version);
                disk.tables.put(id, copy);
                committed(copy.version, id, Kind.DEFINITION);
            }
            return result;
        });
    }

    private void committed(long version, UUID table, Kind kind) {
        disk.version = version;
        feed.publish(new Commit(version, List.of(new TableChange(table, kind, 0, 0))));
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.ROW_EXPRESSIONS, Capability.SELECTS));
    }

    @Override
    public CommitListener.Registration onCommit(CommitListener listener) {
        return feed.add(listener);
    }

    @Override
    public Table create(TableDefinition definition) {
        return alone(() -> {
            ReferenceTable table = new ReferenceTable(definition, disk.version + 1);
            requireFree(definition.name());
            disk.tables.put(table.id, table);
            committed(table.version, table.id, Kind.DEFINITION);
            return table.shown();
        });
    }

    private void requireFree(String name) {
        if (disk.tables.values().stream()
                .anyMatch(table -> table.definition.name().equals(name))) {
            throw new ConflictException(ErrorCode.ALREADY_EXISTS, "'" + name + "' exists already", "name");
        }
    }

    @Override
    public List<Table> tables() {
        return alone(
                () -> disk.tables.values().stream().map(ReferenceTable::shown).toList());
    }

    @Override
    public Optional<Table> find(String name) {
        return tables().stream()
                .filter(table -> table.definition().name().equals(name))
                .findFirst();
    }

    @Override
    public Optional<Table> find(UUID id) {
        return alone(() -> Optional.ofNullable(disk.tables.get(id)).map(ReferenceTable::shown));
    }

    @Override
    public boolean drop(UUID table) {
        return alone(() -> {
            boolean there = disk.tables.remove(table) != null;
            if (there) {
                committed(disk.version + 1, table, Kind.DROPPED);
            }
            return there;
        });
    }

    @Override
    public Table alter(UUID table, Alteration alteration) {
        return change(table, copy -> {
            if (alteration instanceof Alteration.RenameTable(String name) && !name.equals(copy.definition.name())) {
                requireFree(name);
            }
            copy.alter(alteration, disk.version + 1);
            return copy.shown();
        });
    }

    @Override
    public CompletableFuture<List<WriteResult>> write(List<TableMutation> mutations) {
        try {
            requireLimit(mutations.size(), MOST_MUTATIONS);
            return CompletableFuture.completedFuture(alone(() -> writeAlone(mutations)));
        } catch (AkidbException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private List<WriteResult> writeAlone(List<TableMutation> mutations) {
        long commit = disk.version + 1;
        Map<UUID, ReferenceTable> copies = new LinkedHashMap<>();
        List<WriteResult> results = new ArrayList<>();
        for (TableMutation mutation : mutations) {
            ReferenceTable copy =
                    copies.computeIfAbsent(mutation.table(), table -> get(table).copy());
            TableDefinition madeFor = mutation.madeFor();
            if (madeFor != null && !copy.definition.columns().equals(madeFor.columns())) {
                throw new ConflictException(ErrorCode.CONFLICT, "The table has other columns now");
            }
            results.add(copy.apply(mutation.mutation(), commit));
        }
        List<TableChange> told = new ArrayList<>();
        for (ReferenceTable copy : copies.values()) {
            if (copy.version == commit) {
                told.add(replace(copy, commit));
            }
        }
        if (!told.isEmpty()) {
            disk.version = commit;
            feed.publish(new Commit(commit, told));
        }
        return results.stream().map(this::asOfNow).toList();
    }

    private TableChange replace(ReferenceTable copy, long commit) {
        copy.noteChanges(get(copy.id), commit);
        disk.tables.put(copy.id, copy);
        long written = copy.rows.values().stream()
                .filter(row -> row.version() == commit)
                .count();
        long deleted =
                copy.gone.stream().filter(change -> change.version() == commit).count();
        return new TableChange(copy.id, Kind.ROWS, written, deleted);
    }

    private WriteResult asOfNow(WriteResult result) {
        return new WriteResult(
                result.inserted(),
                result.replaced(),
                result.ignored(),
                result.updated(),
                result.deleted(),
                disk.version);
    }

    @Override
    public Changes changes(UUID table, Place after, int limit, boolean includeVectors) {
        requireLimit(limit, MOST_ROWS);
        return read(table, at -> {
            Place now = Place.after(Math.max(at.version, after.version()));
            if (after.version() < at.columnsSince) {
                return new Changes.StartAnew(now);
            }
            Stream<Change> written = at.rows.values().stream()
                    .map(row -> new Change(
                            row.version(), row.rowId(), at.key(row.values()), at.shown(row, includeVectors)));
            List<Change> all = Stream.concat(at.gone.stream(), written)
                    .filter(change -> change.version() > after.version()
                            || (change.version() == after.version() && change.rowId() > after.rowId()))
                    .sorted(Comparator.comparing(Change::version).thenComparing(Change::rowId))
                    .toList();
            if (all.size() <= limit) {
                return new Changes.Page(all, now, false);
            }
            Change last = all.get(limit - 1);
            return new Changes.Page(all.subList(0, limit), new Place(last.version(), last.rowId(), 0), true);
        });
    }

    @Override
    public Optional<Row> get(UUID table, String key, boolean includeVectors) {
        return read(table, at -> at.find(key).map(row -> at.shown(row, includeVectors)));
    }

    @Override
    public RowPage list(UUID table, long after, int limit, boolean includeVectors) {
        return read(table, at -> {
            List<Row> rows = at.rows.tailMap(after, false).values().stream()
                    .limit(limit + 1L)
                    .map(row -> at.shown(row, includeVectors))
                    .toList();
            boolean more = rows.size() > limit;
            List<Row> page = more ? rows.subList(0, limit) : rows;
            return new RowPage(page, more ? page.getLast().rowId() : null);
        });
    }

    @Override
    public List<@Nullable Row> rows(UUID table, long[] rowIds, boolean includeVectors) {
        return read(table, at -> {
            List<@Nullable Row> rows = new ArrayList<>();
            for (long rowId : rowIds) {
                Stored row = at.rows.get(rowId);
                rows.add(row == null ? null : at.shown(row, includeVectors));
            }
            return rows;
        });
    }

    @Override
    public SearchResult search(UUID table, VectorSearch search) {
        return read(table, at -> search(at, search));
    }

    @Override
    public @Nullable SearchResult searchCached(UUID table, VectorSearch search) {
        return search.includeVectors() ? null : read(table, at -> search(at, search));
    }

    private static SearchResult search(ReferenceTable table, VectorSearch search) {
        List<String> names =
                table.definition.columns().stream().map(Column::name).toList();
        int position = names.indexOf(search.column());
        if (position < 0 || table.definition.columns().get(position).type() != ColumnType.VECTOR) {
            throw ReferenceTable.invalid("There is no vector column '" + search.column() + "' to search", "column");
        }
        Column column = table.definition.columns().get(position);
        Vectors.requireDimension(search.vector().length, column.dimension(), "vector");
        Metric wanted = search.options().metric();
        Metric metric = wanted == null ? Objects.requireNonNull(column.metric()) : wanted;
        ReferenceFields fields = new ReferenceFields(table);
        Predicate filter = search.filter();
        if (filter != null) {
            fields.check(filter, "filter");
        }
        List<Hit> hits = new ArrayList<>();
        int passing = 0;
        int vectors = 0;
        for (Stored row : table.rows.values()) {
            if (row.values().get(position) instanceof float[] vector) {
                vectors++;
                if (fields.passes(row, filter)) {
                    passing++;
                    float score = metric.score(search.vector(), vector);
                    Float threshold = search.threshold();
                    if (threshold == null || score >= threshold) {
                        hits.add(new Hit(table.shown(row, search.includeVectors()), score));
                    }
                }
            }
        }
        hits.sort(Comparator.comparing(Hit::score)
                .reversed()
                .thenComparing(hit -> hit.row().rowId()));
        SearchExplanation explanation = search.explain()
                ? new SearchExplanation("exact", "It looks at all rows", vectors, passing, passing, Map.of("scan", 1L))
                : null;
        return new SearchResult(List.copyOf(hits.subList(0, Math.min(search.k(), hits.size()))), explanation);
    }

    @Override
    public QueryPage query(UUID table, RowQuery query) {
        requireLimit(query.limit(), MOST_ROWS);
        if (query.offset() < 0) {
            throw ReferenceTable.outOfRange("offset must be 0 or more", "offset");
        }
        return read(table, at -> query(at, query));
    }

    private static QueryPage query(ReferenceTable table, RowQuery query) {
        ReferenceFields fields = new ReferenceFields(table);
        List<FieldPath> paths = query.order().stream().map(Sort::field).toList();
        paths.forEach(path -> table.scalarPosition(path, "order"));
        Comparator<List<@Nullable Object>> order = ReferenceFields.order(query.order());
        RowQuery.Place after = query.after();
        if (after != null) {
            boolean fits = after.values().size() == paths.size();
            for (int i = 0; fits && i < paths.size(); i++) {
                fits = fields.fits(paths.get(i), after.values().get(i));
            }
            if (!fits) {
                throw ReferenceTable.invalid("The place does not fit the order", "after");
            }
        }
        List<RowQuery.Place> places = passing(table, query.where())
                .map(row -> new RowQuery.Place(fields.shown(row, paths, "order"), row.rowId()))
                .sorted(Comparator.comparing(RowQuery.Place::values, order).thenComparing(RowQuery.Place::rowId))
                .filter(place -> after == null || isBehind(place, after, order))
                .skip(query.offset())
                .toList();
        List<Row> rows = new ArrayList<>();
        List<List<@Nullable Object>> computed = new ArrayList<>();
        long bytes = 0;
        for (RowQuery.Place place : places) {
            Row row = table.shown(Objects.requireNonNull(table.rows.get(place.rowId())), query.includeVectors());
            rows.add(row);
            computed.add(computed(table, row, query.computed()));
            bytes += weigh(row);
            if (rows.size() == query.limit() || bytes >= query.mostBytes()) {
                break;
            }
        }
        boolean more = rows.size() < places.size();
        return new QueryPage(rows, computed, more ? places.get(rows.size() - 1) : null);
    }

    private static List<@Nullable Object> computed(ReferenceTable table, Row row, List<RowQuery.Computed> expressions) {
        List<@Nullable Object> values = new ArrayList<>();
        for (RowQuery.Computed each : expressions) {
            Evaluator evaluator = new Evaluator(
                    column -> row.values().get(table.scalarPosition(FieldPath.column(column.column()), each.field())));
            values.add(evaluator.evaluate(each.value()));
        }
        return values;
    }

    private static boolean isBehind(
            RowQuery.Place place, RowQuery.Place after, Comparator<List<@Nullable Object>> order) {
        int sign = order.compare(place.values(), after.values());
        return sign > 0 || (sign == 0 && place.rowId() > after.rowId());
    }

    /** About the memory that a row takes, in bytes. */
    private static long weigh(Row row) {
        long weight = 64;
        for (Object value : row.values()) {
            weight += value instanceof String text ? 2L * text.length() : 8;
            weight += value instanceof float[] vector ? 4L * vector.length : 0;
        }
        return weight;
    }

    private static Stream<Stored> passing(ReferenceTable table, @Nullable Predicate where) {
        ReferenceFields fields = new ReferenceFields(table);
        if (where != null) {
            fields.check(where, "filter");
        }
        return table.rows.values().stream().filter(row -> fields.passes(row, where));
    }

    private static void requireLimit(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw ReferenceTable.outOfRange("limit must be from 1 to " + most, "limit");
        }
    }

    @Override
    public long count(UUID table, @Nullable Predicate where) {
        return read(table, at -> passing(at, where).count());
    }

    @Override
    public List<GroupQuery.Group> groups(UUID table, GroupQuery query) {
        requireLimit(query.limit(), MOST_ROWS);
        if (query.by().isEmpty()) {
            throw ReferenceTable.invalid("Rows are grouped by at least one field", "by");
        }
        return read(table, at -> {
            ReferenceFields fields = new ReferenceFields(at);
            query.by().forEach(path -> at.scalarPosition(path, "by"));
            Map<List<@Nullable Object>, Long> counts = new TreeMap<>(ReferenceFields.order(List.of()));
            passing(at, query.where()).forEach(row -> counts.merge(fields.shown(row, query.by(), "by"), 1L, Long::sum));
            Comparator<GroupQuery.Group> order = query.byCount()
                    ? Comparator.comparingLong(GroupQuery.Group::count).reversed()
                    : (a, b) -> 0;
            return counts.entrySet().stream()
                    .map(group -> new GroupQuery.Group(group.getKey(), group.getValue()))
                    .sorted(order)
                    .limit(query.limit())
                    .toList();
        });
    }

    /** Pretends to use an index where one begins with a column that is compared for equality. */
    @Override
    public List<String> explain(UUID table, RowQuery query) {
        return read(table, at -> {
            List<String> lines = new ArrayList<>();
            if (query.where() instanceof Predicate.Compare compare && compare.operator() == Predicate.Operator.EQUAL) {
                String column = compare.field().column();
                lines.add("Compare '" + column + "'");
                at.indexes.values().stream()
                        .map(at::named)
                        .filter(index -> index.method() == IndexMethod.BTREE
                                && index.columns().getFirst().equals(column))
                        .forEach(index -> lines.add("Use the index '" + index.name() + "' over '" + column + "'"));
            }
            query.order().forEach(sort -> lines.add("Sort by '" + sort.field() + "'"));
            return lines;
        });
    }

    @Override
    public List<TextSearch.TextHit> searchText(UUID table, TextSearch search) {
        return read(table, at -> new ReferenceWords(at).search(search));
    }

    @Override
    public CellCounts countCells(UUID table, String column) {
        return read(table, at -> {
            int position = at.vectorPosition(column, "column");
            long[] counts = new long[CellState.values().length];
            at.rows.values().forEach(row -> counts[state(at, row, position).ordinal()]++);
            return new CellCounts(
                    counts[CellState.READY.ordinal()],
                    counts[CellState.PENDING.ordinal()],
                    counts[CellState.FAILED.ordinal()],
                    counts[CellState.EMPTY.ordinal()]);
        });
    }

    private static CellState state(ReferenceTable table, Stored row, int position) {
        Mark mark = row.marks().get(table.columnIds.get(position));
        return mark != null ? mark.state() : row.values().get(position) == null ? CellState.EMPTY : CellState.READY;
    }

    @Override
    public List<Cell> cells(UUID table, CellQuery query) {
        requireLimit(query.limit(), MOST_CELLS);
        if (query.state() != CellState.PENDING && query.state() != CellState.FAILED) {
            throw ReferenceTable.invalid("Only cells that wait or failed are listed", "state");
        }
        return read(table, at -> {
            int position = at.vectorPosition(query.column(), "column");
            int source = at.scalarPosition(FieldPath.column(query.sourceColumn()), "source_column");
            List<Cell> cells = new ArrayList<>();
            for (Stored row : at.rows.tailMap(query.after(), false).values()) {
                Mark mark = row.marks().get(at.columnIds.get(position));
                if (mark != null && mark.state() == query.state() && cells.size() < query.limit()) {
                    cells.add(new Cell(
                            row.rowId(),
                            at.key(row.values()),
                            mark.state(),
                            mark.stamp(),
                            row.values().get(source),
                            mark.error()));
                }
            }
            return cells;
        });
    }

    @Override
    public IndexStatus createIndex(UUID table, IndexDefinition index) {
        return change(table, copy -> {
            copy.createIndex(index, disk.version + 1);
            return copy.status(index.name());
        });
    }

    @Override
    public boolean dropIndex(UUID table, String index) {
        return change(table, copy -> copy.dropIndex(index, disk.version + 1));
    }

    @Override
    public IndexStatus rebuildIndex(UUID table, String index) {
        return read(table, at -> at.status(index));
    }

    @Override
    public List<IndexStatus> indexes(UUID table) {
        return read(table, ReferenceTable::statuses);
    }

    @Override
    public long version() {
        return alone(() -> disk.version);
    }

    @Override
    public void close() {
        one.lock();
        try {
            closed = true;
        } finally {
            one.unlock();
        }
        feed.close();
    }
}
