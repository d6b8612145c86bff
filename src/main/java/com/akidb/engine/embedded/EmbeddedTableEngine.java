package com.akidb.engine.embedded;

import com.akidb.engine.Alteration;
import com.akidb.engine.Capability;
import com.akidb.engine.Commit;
import com.akidb.engine.Commit.TableChange;
import com.akidb.engine.CommitFeed;
import com.akidb.engine.CommitListener;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.Kept;
import com.akidb.engine.Note;
import com.akidb.engine.Once;
import com.akidb.engine.Row;
import com.akidb.engine.SelectRequest;
import com.akidb.engine.Snapshot;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableMutation;
import com.akidb.engine.TableReader;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.DirectoryLock;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.engine.embedded.index.TableIndexes;
import com.akidb.engine.embedded.sql.SelectRunner;
import com.akidb.engine.embedded.sql.SqlTable;
import com.akidb.engine.embedded.write.CommitFollower.TableChanges;
import com.akidb.engine.embedded.write.Writer;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.file.PrivateFiles;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine inside this process: rows in one SQLite database, and an index in memory for each table. */
public final class EmbeddedTableEngine implements TableEngine {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedTableEngine.class);

    /** What this server keeps in its data directory, for its owner alone. */
    private static final Set<String> ENTRIES =
            Set.of("akidb.db", "akidb.lock", "akidb.reserve", "indexes", "security", "audit");

    private static final int MOST_MUTATIONS = 1_000;

    private final DirectoryLock lock;
    private final RowStore store;
    private final TableIndexes indexes;
    private final Cache<RowCache.Key, Row> rowCache;
    private final OpenTables tables = new OpenTables();
    private final CommitFeed feed = new CommitFeed();
    private final ScheduledExecutorService snapshots;
    private final Timer searches;
    private final SelectRunner selects;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedTableEngine(
            DirectoryLock lock,
            Path directory,
            EngineProperties properties,
            TableIndexes indexes,
            MeterRegistry meters,
            Clock clock) {
        this.lock = lock;
        this.indexes = indexes;
        this.searches = searchTimer(meters);
        this.rowCache = RowCache.bounded(properties.rowCacheBytes());
        this.store = RowStore.open(directory, properties, clock, this::committed, meters);
        try {
            store.tablesAtStart().forEach(this::open);
        } catch (RuntimeException | Error e) {
            tables.all().forEach(OpenTable::close);
            store.stopWriting();
            store.close();
            throw e;
        }
        this.selects = new SelectRunner(store.selects(), properties.readQueue());
        registerGauges(meters);
        this.snapshots = startSnapshots(properties.snapshotInterval());
    }

    /**
     * Opens the engine of a data directory, or makes a new one.
     *
     * @param directory made if it is not there
     * @param indexes of that directory; closed with the engine
     * @throws UnavailableException if another process uses the directory, or a restore into it was interrupted
     * @throws com.akidb.error.CorruptDataException if the database is damaged, not AkiDB's, or of a newer version
     */
    public static EmbeddedTableEngine open(
            Path directory, EngineProperties properties, TableIndexes indexes, MeterRegistry meters, Clock clock) {
        makePrivate(directory);
        DirectoryLock lock = DirectoryLock.acquire(directory, clock);
        try {
            StoredDatabase.requireRestored(directory);
            EmbeddedTableEngine engine = new EmbeddedTableEngine(lock, directory, properties, indexes, meters, clock);
            // What SQLite has made now; what it makes later takes after that.
            makePrivate(directory);
            return engine;
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /** From time to time the indexes of tables that changed are saved, so that a start after a crash is quick. */
    private ScheduledExecutorService startSnapshots(Duration interval) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("akidb-snapshots").factory());
        executor.scheduleWithFixedDelay(
                () -> tables.all().forEach(EmbeddedTableEngine::snapshot),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
        return executor;
    }

    private static void snapshot(OpenTable table) {
        try {
            table.snapshot();
        } catch (RuntimeException e) {
            log.warn("No snapshot of table {} this time", table.record().id(), e);
        }
    }

    private static Timer searchTimer(MeterRegistry meters) {
        return Timer.builder("akidb.search.latency")
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

    private void registerGauges(MeterRegistry meters) {
        Gauge.builder(
                        "akidb.write.queue.depth",
                        this,
                        engine -> engine.store.writer().queueDepth())
                .description("Writes that wait for the disk")
                .register(meters);
        Gauge.builder("akidb.tables", this, engine -> engine.tables().size())
                .description("Tables, collections included")
                .register(meters);
        Gauge.builder(
                        "akidb.table.rows",
                        this,
                        engine -> engine.tables().stream()
                                .mapToLong(Table::rowCount)
                                .sum())
                .description("Rows of all tables")
                .register(meters);
        FunctionCounter.builder(
                        "akidb.row.cache.hits",
                        this,
                        engine -> engine.rowCacheStats().hitCount())
                .description("Rows that searches found in memory")
                .register(meters);
        FunctionCounter.builder(
                        "akidb.row.cache.misses",
                        this,
                        engine -> engine.rowCacheStats().missCount())
                .description("Rows that searches read from the database")
                .register(meters);
        registerSize(meters, "akidb.database", "The database file", RowStore.Sizes::database);
        registerSize(meters, "akidb.database.free", "Pages of the database that hold nothing", RowStore.Sizes::free);
        registerSize(meters, "akidb.database.wal", "The database's write-ahead log", RowStore.Sizes::wal);
    }

    private void registerSize(
            MeterRegistry meters, String name, String description, ToDoubleFunction<RowStore.Sizes> size) {
        Gauge.builder(name, this, engine -> size.applyAsDouble(engine.store.sizes()))
                .description(description)
                .baseUnit("bytes")
                .register(meters);
    }

    private static void makePrivate(Path directory) {
        try {
            PrivateFiles.directory(directory, ENTRIES);
        } catch (IOException e) {
            throw new UnavailableException("The data directory " + directory + " cannot be made: " + e, e);
        }
    }

    private void open(TableRecord table) {
        RowCache rows = new RowCache(rowCache, table.id(), table.lastRowId());
        OpenTable.Index index = new OpenTable.Index(indexes, table.id(), table.indexLayout(), store.source(table));
        tables.add(new OpenTable(table, store, rows, index, searches));
    }

    /** For the writer's thread: the indexes first, so that who hears of a commit finds it. */
    private void committed(long version, Instant time, List<TableChanges> changed) {
        List<TableChange> told = new ArrayList<>(changed.size());
        for (TableChanges table : changed) {
            tables.get(table.table().id()).committed(version, time, table.changes());
            long deleted = table.changes().stream()
                    .filter(change -> change.values() == null)
                    .count();
            told.add(new TableChange(
                    table.table().id(), Commit.Kind.ROWS, table.changes().size() - deleted, deleted));
        }
        feed.publish(new Commit(version, told));
    }

    /** For the writer's thread: a commit that changed no rows. */
    private void committed(UUID table, Commit.Kind kind) {
        feed.publish(new Commit(version(), List.of(new TableChange(table, kind, 0, 0))));
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    @Override
    public Table create(TableDefinition definition) {
        return store.writer()
                .create(definition, created -> {
                    open(created);
                    committed(created.id(), Commit.Kind.DEFINITION);
                })
                .state();
    }

    @Override
    public List<Table> tables() {
        return tables.all().stream().map(table -> table.state()).toList();
    }

    @Override
    public Optional<Table> find(String name) {
        return tables.find(name).map(table -> table.state());
    }

    @Override
    public Optional<Table> find(UUID id) {
        return tables.find(id).map(table -> table.state());
    }

    @Override
    public boolean drop(UUID id) {
        Optional<OpenTable> found = tables.find(id);
        return found.isPresent() && store.writer().drop(found.get().record(), () -> dropped(found.get()));
    }

    private void dropped(OpenTable table) {
        tables.remove(table);
        table.close();
        indexes.discard(table.record().id());
        committed(table.record().id(), Commit.Kind.DROPPED);
    }

    /** For the writer's thread. */
    private void altered(UUID table) {
        tables.renamed();
        committed(table, Commit.Kind.DEFINITION);
    }

    @Override
    public CompletableFuture<List<WriteResult>> write(List<TableMutation> mutations, @Nullable Kept kept) {
        try {
            int least = kept instanceof Note ? 0 : 1;
            if (mutations.size() < least || mutations.size() > MOST_MUTATIONS) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE, "A commit takes 1 to " + MOST_MUTATIONS + " writes", "mutations");
            }
            List<Writer.Wanted> wanted = new ArrayList<>(mutations.size());
            for (TableMutation mutation : mutations) {
                wanted.add(tables.get(mutation.table()).wanted(mutation));
            }
            return store.writer().write(wanted, kept);
        } catch (AkidbException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<Once.Receipt> receipt(String key) {
        return store.receipt(key);
    }

    @Override
    public String history() {
        return store.histories().current();
    }

    @Override
    public boolean includes(String history, long commit) {
        return store.histories().includes(history, commit);
    }

    @Override
    public <T> T snapshot(List<Table> wanted, Function<Snapshot, T> reading) {
        Map<UUID, TableLayout> layouts = new HashMap<>();
        for (Table table : wanted) {
            layouts.put(table.id(), tables.get(table.id()).layout(table.columnsVersion()));
        }
        try {
            return store.snapshot(layouts, reading);
        } catch (NotFoundException e) {
            // The store was ahead of the columns for which the tables are read.
            wanted.forEach(table -> tables.get(table.id()).requireColumns(table.columnsVersion()));
            throw e;
        }
    }

    @Override
    public CommitListener.Registration onCommit(CommitListener listener) {
        return feed.add(listener);
    }

    @Override
    public TableReader reader(UUID table) {
        return tables.get(table).reader(Table.ANY_COLUMNS);
    }

    @Override
    public TableReader reader(Table table) {
        return tables.get(table.id()).reader(table.columnsVersion());
    }

    @Override
    public Table alter(UUID table, Alteration alteration) {
        OpenTable found = tables.get(table);
        found.alter(alteration, () -> altered(table));
        return found.state();
    }

    @Override
    public IndexStatus createIndex(UUID table, IndexDefinition index) {
        return tables.get(table).createIndex(index, () -> committed(table, Commit.Kind.DEFINITION));
    }

    @Override
    public boolean dropIndex(UUID table, String index) {
        return tables.get(table).dropIndex(index, () -> committed(table, Commit.Kind.DEFINITION));
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
    public List<List<@Nullable Object>> select(SelectRequest request) {
        return selecting(request, columns -> selects.run(request, columns));
    }

    @Override
    public List<String> explain(SelectRequest request) {
        return selecting(
                request,
                columns ->
                        selects.explain(request, columns, id -> tables.get(id).words()));
    }

    private <T> T selecting(SelectRequest request, Function<Function<UUID, SqlTable>, T> work) {
        Map<UUID, Long> columns = request.tables().stream().collect(Collectors.toMap(Table::id, Table::columnsVersion));
        try {
            return work.apply(id -> tables.get(id).sqlTable(columns.getOrDefault(id, Table.ANY_COLUMNS)));
        } catch (NotFoundException e) {
            // The store was ahead of the columns that the select was made for.
            columns.forEach((id, version) -> tables.get(id).requireColumns(version));
            throw e;
        }
    }

    @Override
    public Optional<String> standstill() {
        return store.standstill();
    }

    @Override
    public Space space() {
        RowStore.Sizes sizes = store.sizes();
        return new Space(sizes.database() + sizes.wal(), sizes.free());
    }

    @Override
    public void compact(Consumer<Space> progress, BooleanSupplier isOver) {
        store.writer().compact(() -> progress.accept(space()), isOver);
    }

    @Override
    public long version() {
        return store.writer().version();
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
            snapshots.close(); // Waits for one that is being written.
            selects.close();
            store.stopWriting();
            feed.close();
            indexes.close();
            tables.all().forEach(OpenTable::closeWithSnapshot);
        }
    }
}
