package com.akidb.engine.embedded;

import com.akidb.engine.Alteration;
import com.akidb.engine.Cell;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Mutation;
import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.RowQuery;
import com.akidb.engine.SearchResult;
import com.akidb.engine.SelectEngine;
import com.akidb.engine.SelectStatement;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TextSearch;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.WriteResult;
import com.akidb.query.Predicate;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Times the searches of an engine, as {@code akidb_search_latency_seconds}; all else passes through. */
final class MeteredTableEngine implements TableEngine, SelectEngine {

    private final EmbeddedTableEngine engine;
    private final Timer searches;

    MeteredTableEngine(EmbeddedTableEngine engine, MeterRegistry meters) {
        this.engine = engine;
        searches = Timer.builder("akidb.search.latency")
                .description("Time of a search by vector: filter, comparison, fetching the rows")
                .serviceLevelObjectives(
                        Duration.ofNanos(100_000),
                        Duration.ofNanos(250_000),
                        Duration.ofNanos(500_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1))
                .register(meters);
    }

    @Override
    public SearchResult search(UUID table, VectorSearch search) {
        long begun = System.nanoTime();
        try {
            return engine.search(table, search);
        } finally {
            searches.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public @Nullable SearchResult searchCached(UUID table, VectorSearch search) {
        long begun = System.nanoTime();
        SearchResult result = engine.searchCached(table, search);
        if (result != null) {
            searches.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
        return result;
    }

    @Override
    public CompletableFuture<SearchResult> search(UUID table, VectorSearch search, Executor threads) {
        long begun = System.nanoTime();
        CompletableFuture<SearchResult> result = engine.search(table, search, threads);
        result.whenComplete((found, failure) -> searches.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS));
        return result;
    }

    @Override
    public List<List<@Nullable Object>> select(SelectStatement statement) {
        return engine.select(statement);
    }

    @Override
    public Table create(TableDefinition definition) {
        return engine.create(definition);
    }

    @Override
    public List<Table> tables() {
        return engine.tables();
    }

    @Override
    public Optional<Table> find(String name) {
        return engine.find(name);
    }

    @Override
    public Optional<Table> find(UUID id) {
        return engine.find(id);
    }

    @Override
    public boolean drop(UUID table) {
        return engine.drop(table);
    }

    @Override
    public CompletableFuture<WriteResult> write(UUID table, Mutation mutation) {
        return engine.write(table, mutation);
    }

    @Override
    public CompletableFuture<WriteResult> write(UUID table, Mutation mutation, TableDefinition madeFor) {
        return engine.write(table, mutation, madeFor);
    }

    @Override
    public Optional<Row> get(UUID table, String key, boolean includeVectors) {
        return engine.get(table, key, includeVectors);
    }

    @Override
    public RowPage list(UUID table, long after, int limit, boolean includeVectors) {
        return engine.list(table, after, limit, includeVectors);
    }

    @Override
    public Table alter(UUID table, Alteration alteration) {
        return engine.alter(table, alteration);
    }

    @Override
    public QueryPage query(UUID table, RowQuery query) {
        return engine.query(table, query);
    }

    @Override
    public long count(UUID table, @Nullable Predicate where) {
        return engine.count(table, where);
    }

    @Override
    public List<GroupQuery.Group> groups(UUID table, GroupQuery query) {
        return engine.groups(table, query);
    }

    @Override
    public List<String> explain(UUID table, RowQuery query) {
        return engine.explain(table, query);
    }

    @Override
    public List<@Nullable Row> rows(UUID table, long[] rowIds, boolean includeVectors) {
        return engine.rows(table, rowIds, includeVectors);
    }

    @Override
    public List<TextSearch.TextHit> searchText(UUID table, TextSearch search) {
        return engine.searchText(table, search);
    }

    @Override
    public CellCounts countCells(UUID table, String column) {
        return engine.countCells(table, column);
    }

    @Override
    public List<Cell> cells(UUID table, CellQuery query) {
        return engine.cells(table, query);
    }

    @Override
    public IndexStatus createIndex(UUID table, IndexDefinition index) {
        return engine.createIndex(table, index);
    }

    @Override
    public boolean dropIndex(UUID table, String index) {
        return engine.dropIndex(table, index);
    }

    @Override
    public IndexStatus rebuildIndex(UUID table, String index) {
        return engine.rebuildIndex(table, index);
    }

    @Override
    public List<IndexStatus> indexes(UUID table) {
        return engine.indexes(table);
    }

    @Override
    public long version() {
        return engine.version();
    }

    @Override
    public void close() {
        engine.close();
    }
}
