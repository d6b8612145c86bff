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
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.index.TableIndexes;
import com.akidb.engine.embedded.sql.SelectRunner;
import com.akidb.engine.embedded.store.CommitListener;
import com.akidb.engine.embedded.store.CommitObserver;
import com.akidb.engine.embedded.store.DirectoryLock;
import com.akidb.engine.embedded.store.RowStore;
import com.akidb.engine.embedded.store.StoredTable;
import com.akidb.error.UnavailableException;
import com.akidb.query.Predicate;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The engine inside this process: rows in one SQLite database, and an index in memory for each table. */
public final class EmbeddedTableEngine implements TableEngine, SelectEngine {

    private final DirectoryLock lock;
    private final RowStore store;
    private final TableIndexes indexes;
    private final Clock clock;
    private final Cache<RowCache.Key, Row> rowCache;
    private final OpenTables tables = new OpenTables();
    private final SnapshotSchedule snapshots;
    private final SelectRunner selects;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedTableEngine(
            DirectoryLock lock,
            Path directory,
            EngineProperties properties,
            TableIndexes indexes,
            CommitObserver observer,
            Clock clock) {
        this.lock = lock;
        this.indexes = indexes;
        this.clock = clock;
        this.rowCache = RowCache.bounded(properties.rowCache().toBytes());
        CommitListener listener = this::committed;
        this.store = RowStore.open(directory, properties.store(), clock, listener, observer);
        try {
            store.tablesAtStart().forEach(this::open);
        } catch (RuntimeException | Error e) {
            tables.all().forEach(LiveTable::close);
            store.stopWriting();
            store.close();
            throw e;
        }
        this.selects =
                new SelectRunner(store.selects(), id -> tables.get(id).stored().sqlTable());
        this.snapshots = SnapshotSchedule.start(tables, properties.snapshotInterval());
    }

    /**
     * Opens the engine of a data directory, or makes a new one.
     *
     * @param directory made if it is not there
     * @param indexes of that directory; closed with the engine
     * @throws UnavailableException if another process uses the directory
     * @throws com.akidb.error.CorruptDataException if the database is damaged, not AkiDB's, or of a newer version
     */
    public static EmbeddedTableEngine open(
            Path directory, EngineProperties properties, TableIndexes indexes, CommitObserver observer, Clock clock) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UnavailableException("The data directory " + directory + " cannot be made: " + e, e);
        }
        DirectoryLock lock = DirectoryLock.acquire(directory, clock);
        try {
            return new EmbeddedTableEngine(lock, directory, properties, indexes, observer, clock);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private void open(StoredTable table) {
        RowCache rows = new RowCache(rowCache, table.id(), table.lastRowId());
        IndexSlot index = new IndexSlot(indexes, table.id(), table.indexLayout(), store.source(table));
        tables.add(new LiveTable(table, store, rows, index));
    }

    private void committed(StoredTable table, long version, List<RowChange> changes) {
        tables.get(table.id()).committed(version, changes);
    }

    @Override
    public Table create(TableDefinition definition) {
        return store.create(definition, clock, this::open).state();
    }

    @Override
    public List<Table> tables() {
        return tables.all().stream().map(table -> table.stored().state()).toList();
    }

    @Override
    public Optional<Table> find(String name) {
        return tables.find(name).map(table -> table.stored().state());
    }

    @Override
    public Optional<Table> find(UUID id) {
        return tables.find(id).map(table -> table.stored().state());
    }

    @Override
    public boolean drop(UUID id) {
        Optional<LiveTable> found = tables.find(id);
        return found.isPresent() && store.drop(found.get().stored(), () -> dropped(found.get()));
    }

    private void dropped(LiveTable table) {
        tables.remove(table);
        table.close();
        indexes.discard(table.stored().id());
    }

    private void altered(LiveTable table) {
        table.redefined();
        tables.renamed();
    }

    @Override
    public CompletableFuture<WriteResult> write(UUID table, Mutation mutation) {
        return queue(table, mutation, null);
    }

    @Override
    public CompletableFuture<WriteResult> write(UUID table, Mutation mutation, TableDefinition madeFor) {
        return queue(table, mutation, madeFor);
    }

    private CompletableFuture<WriteResult> queue(UUID table, Mutation mutation, @Nullable TableDefinition madeFor) {
        return tables.find(table)
                .map(found -> store.write(found.stored(), mutation, madeFor))
                .orElseGet(() -> CompletableFuture.failedFuture(OpenTables.noTable(table)));
    }

    @Override
    public Optional<Row> get(UUID table, String key, boolean includeVectors) {
        return tables.get(table).rows().byKey(key, includeVectors);
    }

    @Override
    public RowPage list(UUID table, long after, int limit, boolean includeVectors) {
        return tables.get(table).rows().after(after, limit, includeVectors);
    }

    @Override
    public SearchResult search(UUID table, VectorSearch search) {
        return tables.get(table).search(search);
    }

    @Override
    public @Nullable SearchResult searchCached(UUID table, VectorSearch search) {
        return tables.get(table).searchCached(search);
    }

    @Override
    public CompletableFuture<SearchResult> search(UUID table, VectorSearch search, Executor threads) {
        return tables.get(table).search(search, threads);
    }

    @Override
    public Table alter(UUID table, Alteration alteration) {
        LiveTable found = tables.get(table);
        store.alter(found.stored(), alteration, () -> altered(found));
        return found.stored().state();
    }

    @Override
    public QueryPage query(UUID table, RowQuery query) {
        return tables.get(table).queries().query(query);
    }

    @Override
    public long count(UUID table, @Nullable Predicate where) {
        return tables.get(table).queries().count(where);
    }

    @Override
    public List<GroupQuery.Group> groups(UUID table, GroupQuery query) {
        return tables.get(table).queries().groups(query);
    }

    @Override
    public List<String> explain(UUID table, RowQuery query) {
        return tables.get(table).queries().explain(query);
    }

    @Override
    public List<@Nullable Row> rows(UUID table, long[] rowIds, boolean includeVectors) {
        return tables.get(table).rows().byIds(rowIds, includeVectors);
    }

    @Override
    public List<TextSearch.TextHit> searchText(UUID table, TextSearch search) {
        return tables.get(table).queries().searchText(search);
    }

    @Override
    public CellCounts countCells(UUID table, String column) {
        return tables.get(table).queries().countCells(column);
    }

    @Override
    public List<Cell> cells(UUID table, CellQuery query) {
        return tables.get(table).queries().cells(query);
    }

    @Override
    public IndexStatus createIndex(UUID table, IndexDefinition index) {
        return tables.get(table).createIndex(index);
    }

    @Override
    public boolean dropIndex(UUID table, String index) {
        return tables.get(table).dropIndex(index);
    }

    @Override
    public IndexStatus rebuildIndex(UUID table, String index) {
        return tables.get(table).rebuildIndex(index);
    }

    @Override
    public List<IndexStatus> indexes(UUID table) {
        return tables.get(table).indexes();
    }

    @Override
    public List<List<@Nullable Object>> select(SelectStatement statement) {
        return selects.run(statement);
    }

    @Override
    public long version() {
        return store.version();
    }

    /** Writes that wait. */
    int queueDepth() {
        return store.queueDepth();
    }

    /** How often searches found their rows in memory. */
    CacheStats rowCacheStats() {
        return rowCache.stats();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (lock;
                store) {
            snapshots.stop();
            selects.close();
            store.stopWriting();
            indexes.close();
            tables.all().forEach(LiveTable::closeWithSnapshot);
        }
    }
}
