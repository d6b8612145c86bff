package com.akidb.table.search;

import com.akidb.concurrent.Patience;
import com.akidb.engine.Column;
import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowQuery;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SearchResult.Hit;
import com.akidb.engine.TableReader;
import com.akidb.error.DeadlineExceededException;
import com.akidb.memory.Heap;
import com.akidb.memory.RequestMemory;
import com.akidb.query.FieldPath;
import com.akidb.query.Sort;
import com.akidb.table.RowService;
import com.akidb.table.Search;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.table.search.EngineSearch.QueryVector;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Searches whose rows come in another order than by similarity: of all rows that have a vector and pass filter and threshold,
 * the first in that order, as in SQL. The engine returns rows ordered by the columns that precede the score, and each is
 * compared with the query. Rows equal in those columns are ordered by what follows; reading stops once there are enough.
 */
final class OrderedSearch {

    private static final int PAGE_ROWS = 1_000;
    private static final FieldPath SCORE = FieldPath.column(RowService.SCORE);

    private final TableDirectory tables;

    OrderedSearch(TableDirectory tables) {
        this.tables = tables;
    }

    /** Whether an order begins with the highest scores, so that the nearest rows come first. */
    static boolean beginsWithNearest(List<Sort> order) {
        return order.getFirst().descending() && order.getFirst().field().equals(SCORE);
    }

    /** Orders the nearest rows, those of equal score by the other criteria. */
    static List<Hit> sorted(List<Hit> nearest, TableSchema schema, List<Sort> order) {
        return nearest.stream()
                .map(hit -> Keyed.of(hit, schema, order))
                .sorted(comparator(order))
                .map(Keyed::hit)
                .toList();
    }

    /** The first rows in the order, including those to skip. Gives up when nobody waits any more. */
    SearchResult find(Search search, Column column, Metric metric, QueryVector query) {
        BooleanSupplier patienceIsOver = Patience.isOver();
        long start = System.nanoTime();
        TableSchema schema = search.schema();
        List<Sort> order = search.ranking().order();
        int score = order.stream().map(Sort::field).toList().indexOf(SCORE);
        List<Sort> before = score < 0 ? order : order.subList(0, score);
        List<Sort> rest = order.subList(before.size(), order.size());
        int position = schema.definition().indexOf(column.name());
        TableReader reader = tables.reader(schema);
        Run run = new Run(search.reach(), comparator(rest));
        long read = 0;
        RowQuery.@Nullable Place place = null;
        do {
            if (patienceIsOver.getAsBoolean()
                    || System.nanoTime() - start > search.timeout().toNanos()) {
                throw new DeadlineExceededException(
                        "The request's time is over; X-Request-Timeout or a gRPC deadline gives it more");
            }
            RequestMemory.reuseOfCurrent(); // Of the page before only the keys of a few rows are left.
            QueryPage page = reader.query(new RowQuery(search.where(), before, place, 0, PAGE_ROWS, Heap.page(), true));
            for (Row row : page.rows()) {
                if (row.values().get(position) instanceof float[] stored && row.rowId() != query.except()) {
                    float similarity = metric.score(query.vector(), stored);
                    if (search.threshold() == null || similarity >= search.threshold()) {
                        Keyed keyed = Keyed.of(new Hit(row, similarity), schema, rest);
                        if (rest.isEmpty()) {
                            run.add(keyed);
                        } else {
                            run.add(keyed, Keyed.of(keyed.hit(), schema, before).keys());
                        }
                    }
                }
                if (run.isFull()) {
                    break;
                }
            }
            read += page.rows().size();
            place = page.next();
        } while (place != null && !run.isFull());
        SearchExplanation explanation = search.explain() ? explained(read, start) : null;
        List<Hit> page = run.hits();
        page = page.subList(Math.min(search.offset(), page.size()), page.size());
        return rows(search, page, explanation);
    }

    private static SearchExplanation explained(long read, long start) {
        return new SearchExplanation(
                "ordered",
                "order_by names another order than the highest scores first, so rows are read in that order and"
                        + " compared",
                read,
                read,
                read,
                Map.of("scan", TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start)));
    }

    /** Reads again, with their values, rows that were kept without; those that are gone are left out. */
    private SearchResult rows(Search search, List<Hit> page, @Nullable SearchExplanation explanation) {
        long[] ids = page.stream().mapToLong(hit -> hit.row().rowId()).toArray();
        Map<Long, Row> rows = new HashMap<>();
        List<@Nullable Row> read = tables.reader(search.schema()).rows(ids, search.includeVectors());
        for (@Nullable Row row : read) {
            if (row != null) {
                rows.put(row.rowId(), row);
            }
        }
        List<Hit> hits = page.stream()
                .filter(hit -> rows.containsKey(hit.row().rowId()))
                .map(hit -> new Hit(Objects.requireNonNull(rows.get(hit.row().rowId())), hit.score()))
                .toList();
        return new SearchResult(hits, read.size() < ids.length, explanation);
    }

    /**
     * A row and what it is ordered by.
     *
     * @param keys score or value for each criterion, in order
     */
    private record Keyed(Hit hit, List<@Nullable Object> keys) {

        static Keyed of(Hit hit, TableSchema schema, List<Sort> order) {
            List<@Nullable Object> keys = new ArrayList<>(order.size());
            for (Sort sort : order) {
                keys.add(key(hit, schema, sort.field()));
            }
            return new Keyed(hit, keys);
        }

        private static @Nullable Object key(Hit hit, TableSchema schema, FieldPath field) {
            if (field.equals(SCORE)) {
                return hit.score();
            }
            if (field.equals(FieldPath.VERSION)) {
                return hit.row().version();
            }
            if (field.equals(FieldPath.CHANGED_AT)) {
                return hit.row().changedAt();
            }
            return hit.row().values().get(schema.position(field.column()));
        }

        /** The same without the row's values, to save memory. */
        Keyed slim() {
            Row row = hit.row();
            return new Keyed(
                    new Hit(new Row(row.rowId(), row.version(), row.changedAt(), List.of()), hit.score()), keys);
        }
    }

    /** An order; absent values come first when ascending, as in every order; ties by row. */
    private static Comparator<Keyed> comparator(List<Sort> order) {
        Comparator<Keyed> all = (a, b) -> 0;
        for (int i = 0; i < order.size(); i++) {
            int key = i;
            Comparator<Keyed> by =
                    Comparator.comparing(keyed -> keyed.keys().get(key), Comparator.nullsFirst(OrderedSearch::compare));
            all = all.thenComparing(order.get(i).descending() ? by.reversed() : by);
        }
        return all.thenComparingLong(keyed -> keyed.hit().row().rowId());
    }

    @SuppressWarnings("unchecked") // Values of one column are of one class, and all but vectors can be compared.
    private static int compare(@Nullable Object a, @Nullable Object b) {
        return ((Comparable<Object>) Objects.requireNonNull(a)).compareTo(Objects.requireNonNull(b));
    }

    /** The first rows so far, without their values. */
    private static final class Run {

        private final int most;
        private final Comparator<Keyed> order;
        private final List<Hit> done = new ArrayList<>();
        /** Rows that are equal in the columns before the score, the last of them first. */
        private final PriorityQueue<Keyed> equal;

        private @Nullable List<@Nullable Object> place;

        /** @param order of rows that are equal in the columns before the score */
        Run(int most, Comparator<Keyed> order) {
            this.most = most;
            this.order = order;
            this.equal = new PriorityQueue<>(order.reversed());
        }

        /** A row that the columns before the score put in its place already. */
        void add(Keyed row) {
            done.add(row.slim().hit());
        }

        /** @param at values of the columns before the score */
        void add(Keyed row, List<@Nullable Object> at) {
            if (place != null && !place.equals(at)) {
                finish();
            }
            place = at;
            equal.add(row.slim());
            if (equal.size() > most - done.size()) {
                equal.remove();
            }
        }

        private void finish() {
            equal.stream().sorted(order).map(Keyed::hit).forEach(done::add);
            equal.clear();
        }

        boolean isFull() {
            return done.size() >= most;
        }

        List<Hit> hits() {
            finish();
            return done;
        }
    }
}
