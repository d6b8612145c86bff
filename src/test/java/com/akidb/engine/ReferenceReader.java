package com.akidb.engine;

import com.akidb.engine.Changes.Change;
import com.akidb.engine.Changes.Place;
import com.akidb.engine.ReferenceTable.Mark;
import com.akidb.engine.ReferenceTable.Stored;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.query.Evaluator;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Sort;
import com.akidb.vector.Metric;
import com.akidb.vector.Vectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and searches a {@link ReferenceTable} by looking at all of its rows. */
final class ReferenceReader implements TableReader {

    private static final int MOST_ROWS = 10_000;
    private static final int MOST_CELLS = 1_000;

    /** Gives the table, as long as it has the columns that the reader is made for. */
    interface Pinning {
        <T> T read(Function<ReferenceTable, T> work);
    }

    private final Pinning table;

    ReferenceReader(Pinning table) {
        this.table = table;
    }

    @Override
    public Changes changes(Place after, int limit, boolean includeVectors) {
        requireLimit(limit, MOST_ROWS);
        return table.read(at -> {
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
    public Optional<Row> get(String key, boolean includeVectors) {
        return table.read(at -> at.find(key).map(row -> at.shown(row, includeVectors)));
    }

    @Override
    public RowPage list(long after, int limit, boolean includeVectors) {
        return table.read(at -> {
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
    public List<@Nullable Row> rows(long[] rowIds, boolean includeVectors) {
        return table.read(at -> {
            List<@Nullable Row> rows = new ArrayList<>();
            for (long rowId : rowIds) {
                Stored row = at.rows.get(rowId);
                rows.add(row == null ? null : at.shown(row, includeVectors));
            }
            return rows;
        });
    }

    @Override
    public SearchResult search(VectorSearch search) {
        return table.read(at -> search(at, search));
    }

    @Override
    public @Nullable SearchResult searchCached(VectorSearch search) {
        return search.includeVectors() ? null : table.read(at -> search(at, search));
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
    public QueryPage query(RowQuery query) {
        requireLimit(query.limit(), MOST_ROWS);
        if (query.offset() < 0) {
            throw ReferenceTable.outOfRange("offset must be 0 or more", "offset");
        }
        return table.read(at -> query(at, query));
    }

    private static QueryPage query(ReferenceTable table, RowQuery query) {
        ReferenceFields fields = new ReferenceFields(table);
        List<FieldPath> paths = query.order().stream().map(Sort::field).toList();
        paths.forEach(path -> fields.type(path, "order"));
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

    static void requireLimit(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw ReferenceTable.outOfRange("limit must be from 1 to " + most, "limit");
        }
    }

    @Override
    public long count(@Nullable Predicate where) {
        return table.read(at -> passing(at, where).count());
    }

    @Override
    public List<GroupQuery.Group> groups(GroupQuery query) {
        requireLimit(query.limit(), MOST_ROWS);
        if (query.by().isEmpty()) {
            throw ReferenceTable.invalid("Rows are grouped by at least one field", "by");
        }
        return table.read(at -> {
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
    public List<String> explain(RowQuery query) {
        return table.read(at -> {
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
    public List<TextSearch.TextHit> searchText(TextSearch search) {
        return table.read(at -> new ReferenceWords(at).search(search));
    }

    @Override
    public CellCounts countCells(String column) {
        return table.read(at -> {
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
    public List<Cell> cells(CellQuery query) {
        requireLimit(query.limit(), MOST_CELLS);
        if (query.state() != CellState.PENDING && query.state() != CellState.FAILED) {
            throw ReferenceTable.invalid("Only cells that wait or failed are listed", "state");
        }
        return table.read(at -> {
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
}
