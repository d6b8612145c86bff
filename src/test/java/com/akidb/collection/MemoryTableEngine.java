package com.akidb.collection;

import com.akidb.engine.Alteration;
import com.akidb.engine.Cell;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.RowQuery;
import com.akidb.engine.RowSelection;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.SearchResult;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TextSearch;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.WriteResult;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An engine in a map, without filters, whose steps a test can hold up. */
public class MemoryTableEngine implements TableEngine {

    private final Map<UUID, Held> tables = new LinkedHashMap<>();
    private long lastRow;
    private long version;

    /** Whether {@link #searchCached} declines, so that searches leave the caller's thread. */
    public volatile boolean slowSearches;

    /** Called before each search that is not quick. */
    public volatile Runnable beforeSearch = () -> {};

    private record Held(Table table, Map<String, Row> rows) {}

    @Override
    public synchronized Table create(TableDefinition definition) {
        if (find(definition.name()).isPresent()) {
            throw new ConflictException(ErrorCode.ALREADY_EXISTS, "exists");
        }
        Table table = new Table(UUID.randomUUID(), definition, Instant.EPOCH, 0, ++version);
        tables.put(table.id(), new Held(table, new LinkedHashMap<>()));
        return table;
    }

    @Override
    public synchronized List<Table> tables() {
        return tables.values().stream().map(MemoryTableEngine::current).toList();
    }

    @Override
    public synchronized Optional<Table> find(String name) {
        return tables().stream()
                .filter(table -> table.definition().name().equals(name))
                .findFirst();
    }

    @Override
    public synchronized Optional<Table> find(UUID id) {
        return Optional.ofNullable(tables.get(id)).map(MemoryTableEngine::current);
    }

    private static Table current(Held held) {
        Table table = held.table;
        return new Table(table.id(), table.definition(), table.createdAt(), held.rows.size(), table.version());
    }

    @Override
    public synchronized boolean drop(UUID table) {
        return tables.remove(table) != null;
    }

    @Override
    public CompletableFuture<WriteResult> write(UUID table, Mutation mutation, TableDefinition madeFor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized CompletableFuture<WriteResult> write(UUID table, Mutation mutation) {
        Held held = tables.get(table);
        if (held == null) {
            return CompletableFuture.failedFuture(new NotFoundException("no table " + table));
        }
        version++;
        return switch (mutation) {
            case Mutation.Update _, Mutation.Recompute _, Mutation.Fill _ -> throw new UnsupportedOperationException();
            case Mutation.Delete(RowSelection rows) -> {
                List<String> keys = ((RowSelection.Keys) rows).keys();
                int deleted = 0;
                for (String key : keys) {
                    deleted += held.rows.remove(key) == null ? 0 : 1;
                }
                yield CompletableFuture.completedFuture(new WriteResult(0, 0, 0, 0, deleted, version));
            }
            case Mutation.Insert(List<List<@Nullable Object>> rows, OnConflict onConflict) -> {
                for (List<@Nullable Object> row : rows) {
                    if (onConflict == OnConflict.ERROR && held.rows.containsKey(row.getFirst())) {
                        yield CompletableFuture.failedFuture(new ConflictException(
                                ErrorCode.ALREADY_EXISTS, "Row '" + row.getFirst() + "' exists", "id"));
                    }
                }
                for (List<@Nullable Object> row : rows) {
                    held.rows.remove((String) row.getFirst());
                    held.rows.put((String) row.getFirst(), new Row(++lastRow, version, Instant.EPOCH, row));
                }
                yield CompletableFuture.completedFuture(new WriteResult(rows.size(), 0, 0, 0, 0, version));
            }
        };
    }

    @Override
    public synchronized Optional<Row> get(UUID table, String key, boolean includeVectors) {
        return Optional.ofNullable(held(table).rows.get(key)).map(row -> shown(row, includeVectors));
    }

    @Override
    public synchronized RowPage list(UUID table, long after, int limit, boolean includeVectors) {
        List<Row> rows = held(table).rows.values().stream()
                .filter(row -> row.rowId() > after)
                .limit(limit + 1L)
                .map(row -> shown(row, includeVectors))
                .toList();
        boolean more = rows.size() > limit;
        List<Row> page = more ? rows.subList(0, limit) : rows;
        return new RowPage(page, more ? page.getLast().rowId() : null);
    }

    @Override
    public SearchResult search(UUID table, VectorSearch search) {
        beforeSearch.run();
        return scan(table, search);
    }

    @Override
    public @Nullable SearchResult searchCached(UUID table, VectorSearch search) {
        return slowSearches ? null : scan(table, search);
    }

    private synchronized SearchResult scan(UUID table, VectorSearch search) {
        Held held = held(table);
        List<SearchResult.Hit> hits = new ArrayList<>();
        Metric metric =
                Objects.requireNonNull(held.table.definition().columns().get(3).metric());
        for (Row row : held.rows.values()) {
            float score = metric.score(search.vector(), (float[]) row.values().get(3));
            if (search.threshold() == null || score >= search.threshold()) {
                hits.add(new SearchResult.Hit(shown(row, search.includeVectors()), score));
            }
        }
        hits.sort(Comparator.comparing(SearchResult.Hit::score).reversed());
        SearchExplanation explanation = search.explain()
                ? new SearchExplanation(
                        "exact", "it is small", hits.size(), hits.size(), hits.size(), Map.of("scan", 1L))
                : null;
        return new SearchResult(hits.subList(0, Math.min(search.k(), hits.size())), explanation);
    }

    private Held held(UUID table) {
        Held held = tables.get(table);
        if (held == null) {
            throw new NotFoundException("no table " + table);
        }
        return held;
    }

    private static Row shown(Row row, boolean includeVectors) {
        List<@Nullable Object> values = new ArrayList<>(row.values());
        if (!includeVectors) {
            values.set(3, null);
        }
        return new Row(row.rowId(), row.version(), row.changedAt(), values);
    }

    @Override
    public Table alter(UUID table, Alteration alteration) {
        throw new UnsupportedOperationException();
    }

    @Override
    public QueryPage query(UUID table, RowQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long count(UUID table, @Nullable Predicate where) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<GroupQuery.Group> groups(UUID table, GroupQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> explain(UUID table, RowQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<@Nullable Row> rows(UUID table, long[] rowIds, boolean includeVectors) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TextSearch.TextHit> searchText(UUID table, TextSearch search) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CellCounts countCells(UUID table, String column) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Cell> cells(UUID table, CellQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public IndexStatus createIndex(UUID table, IndexDefinition index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean dropIndex(UUID table, String index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public IndexStatus rebuildIndex(UUID table, String index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<IndexStatus> indexes(UUID table) {
        return List.of();
    }

    @Override
    public synchronized long version() {
        return version;
    }

    @Override
    public void close() {}
}
