package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A table in plain maps: what an index reads from, and what its answers are compared with. */
final class MemoryTable implements RowSource {

    record Expected(long rowId, float score) {}

    TableDefinition definition;
    private List<Long> columnIds;
    private List<IndexDefinition> indexes = List.of();
    private final TreeMap<Long, List<@Nullable Object>> rows = new TreeMap<>();
    private final TreeMap<Long, TreeSet<Long>> log = new TreeMap<>();
    private long version;
    private long nextRowId = 1;

    MemoryTable(TableDefinition definition) {
        this.definition = definition;
        this.columnIds = IndexLayout.of(definition).columnIds();
    }

    synchronized IndexLayout layout() {
        return new IndexLayout(definition, columnIds, indexes);
    }

    /** Commits another layout to the store; rows keep the values of columns whose ids stay. */
    synchronized long alter(List<Column> columns, List<Long> ids, IndexDefinition... declared) {
        List<Long> before = columnIds;
        rows.replaceAll((rowId, values) -> {
            List<@Nullable Object> moved = new ArrayList<>();
            ids.forEach(id -> moved.add(before.contains(id) ? values.get(before.indexOf(id)) : null));
            return moved;
        });
        definition = new TableDefinition("test", columns, "id", Map.of());
        columnIds = ids;
        indexes = List.of(declared);
        return ++version;
    }

    /** Declares indexes before the index is opened. */
    synchronized void declare(IndexDefinition... declared) {
        indexes = List.of(declared);
    }

    /** Commits other declared indexes to the store and the index. */
    void declare(TableIndex index, IndexDefinition... declared) {
        index.follow(alter(definition.columns(), columnIds, declared), layout());
    }

    /** A table with the columns id and vector and whatever is added. */
    static MemoryTable of(int dimension, Metric metric, Column... more) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.of("id", com.akidb.engine.ColumnType.STRING, true));
        columns.add(Column.vector("vector", dimension, metric));
        columns.addAll(List.of(more));
        return new MemoryTable(new TableDefinition("test", columns, "id", Map.of()));
    }

    /** A new row with values for the columns behind id. */
    synchronized RowChange row(@Nullable Object... values) {
        long rowId = nextRowId++;
        return new RowChange(rowId, values("row-" + rowId, values));
    }

    /** The same row with other values. */
    static RowChange replaced(long rowId, @Nullable Object... values) {
        return new RowChange(rowId, values("row-" + rowId, values));
    }

    static RowChange deleted(long rowId) {
        return new RowChange(rowId, null);
    }

    private static List<@Nullable Object> values(String id, @Nullable Object... values) {
        List<@Nullable Object> all = new ArrayList<>();
        all.add(id);
        all.addAll(java.util.Arrays.asList(values));
        return all;
    }

    /** Commits to the store alone. */
    synchronized long commit(List<RowChange> changes) {
        version++;
        for (RowChange change : changes) {
            log.computeIfAbsent(version, v -> new TreeSet<>()).add(change.rowId());
            List<@Nullable Object> values = change.values();
            if (values == null) {
                rows.remove(change.rowId());
            } else {
                List<@Nullable Object> old = rows.get(change.rowId());
                RowChange whole = old == null ? change : change.after(new RowChange(change.rowId(), old));
                rows.put(change.rowId(), Objects.requireNonNull(whole.values()));
            }
        }
        return version;
    }

    /** The time of a commit. */
    static Instant time(long commit) {
        return Instant.EPOCH.plusSeconds(commit);
    }

    /** Commits to the store and the index. */
    void commit(TableIndex index, List<RowChange> changes) {
        long commit = commit(changes);
        index.apply(commit, time(commit), changes);
    }

    synchronized int size() {
        return rows.size();
    }

    synchronized List<Long> rowIds() {
        return List.copyOf(rows.keySet());
    }

    /** Forgets the changes up to a commit, so that the log does not reach back so far. */
    synchronized void forgetLog() {
        log.clear();
        version += 2;
        log.put(version, new TreeSet<>());
    }

    /** The best rows by comparing all of them. */
    synchronized List<Expected> search(
            VectorSearch search, java.util.function.Predicate<List<@Nullable Object>> filter) {
        int at = definition.indexOf(search.column());
        Metric wanted = search.options().metric();
        Metric metric = wanted == null ? definition.columns().get(at).metric() : wanted;
        List<Expected> found = new ArrayList<>();
        rows.forEach((rowId, values) -> {
            if (values.get(at) instanceof float[] vector && filter.test(values) && metric != null) {
                float score = metric.score(search.vector(), vector);
                Float threshold = search.threshold();
                if (threshold == null || score >= threshold) {
                    found.add(new Expected(rowId, score));
                }
            }
        });
        found.sort(Comparator.comparing(Expected::score).reversed().thenComparing(Expected::rowId));
        return found.subList(0, Math.min(search.k(), found.size()));
    }

    static VectorSearch query(float[] vector, int k) {
        return query(vector, k, null);
    }

    static VectorSearch query(float[] vector, int k, @Nullable Predicate filter) {
        return new VectorSearch("vector", vector, k, filter, null, false, true);
    }

    @Override
    public synchronized long version() {
        return version;
    }

    @Override
    public synchronized void forEachRow(LongConsumer rowId) {
        rows.keySet().forEach(rowId::accept);
    }

    @Override
    public synchronized void forEachVector(long columnId, VectorVisitor visitor) {
        int column = columnIds.indexOf(columnId);
        rows.forEach((rowId, values) -> {
            if (column >= 0 && values.get(column) instanceof float[] vector) {
                visitor.accept(rowId, vector.clone());
            }
        });
    }

    @Override
    public synchronized void forEachValue(long columnId, ValueVisitor visitor) {
        int column = columnIds.indexOf(columnId);
        if (column >= 0) {
            rows.forEach((rowId, values) -> visitor.accept(rowId, values.get(column)));
        }
    }

    @Override
    public synchronized boolean forEachChangeAfter(long after, LongConsumer rowId) {
        if (after < version && (log.isEmpty() || log.firstKey() > after + 1)) {
            return false;
        }
        TreeSet<Long> changed = new TreeSet<>();
        log.tailMap(after, false).values().forEach(changed::addAll);
        changed.forEach(rowId::accept);
        return true;
    }
}
