package com.akidb.engine;

import com.akidb.engine.Commit.Kind;
import com.akidb.engine.Commit.TableChange;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine as simple as it can be: rows in maps, every question answered by looking at all of them, one caller at a time.
 * It keeps every contract, so that tests which run on it run on what engines promise, and it is the second engine that shows
 * what of a contract is only a habit of the first.
 */
public class ReferenceEngine implements TableEngine {

    private static final int MOST_MUTATIONS = 1_000;

    /** What an engine leaves behind when it is closed, and the next one finds. */
    public static final class Disk {
        private final Map<UUID, ReferenceTable> tables = new LinkedHashMap<>();
        private final Map<String, Once.Receipt> receipts = new HashMap<>();
        private final Map<String, Map<String, Note.Stored>> notes = new HashMap<>();
        private final Map<String, Long> histories = new LinkedHashMap<>();
        private long version;
    }

    private final Disk disk;
    private final String history = UUID.randomUUID().toString();
    private final CommitFeed feed = new CommitFeed();

    /** Fair, so that callers who never pause let the others in. */
    private final ReentrantLock one = new ReentrantLock(true);

    private boolean closed;

    public ReferenceEngine() {
        this(new Disk());
    }

    public ReferenceEngine(Disk disk) {
        this.disk = disk;
        disk.histories.put(history, disk.version);
    }

    @Override
    public String history() {
        return history;
    }

    @Override
    public boolean includes(String wanted, long version) {
        boolean found = false;
        for (Map.Entry<String, Long> each : disk.histories.entrySet()) {
            if (found) {
                return version <= each.getValue();
            }
            found = each.getKey().equals(wanted);
        }
        return found;
    }

    @Override
    public <T> T snapshot(List<Table> tables, Function<Snapshot, T> reading) {
        return alone(() -> {
            for (Table table : tables) {
                get(table.id()).shown().requireColumns(table.columnsVersion());
            }
            return reading.apply(new Snapshot() {
                @Override
                public long version() {
                    return disk.version;
                }

                @Override
                public Changes.Place now(Table table) {
                    return Changes.Place.after(get(table.id()).version);
                }

                @Override
                public Changes changes(Table table, Changes.Place after, int limit, boolean includeVectors) {
                    return reader(table).changes(after, limit, includeVectors);
                }

                @Override
                public QueryPage query(Table table, RowQuery query) {
                    return reader(table).query(query);
                }

                @Override
                public List<Note.Stored> notes(String space) {
                    return List.copyOf(disk.notes.getOrDefault(space, Map.of()).values());
                }
            });
        });
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
        return EnumSet.allOf(Capability.class);
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
        return alone(() -> {
            change(table, copy -> {
                if (alteration instanceof Alteration.RenameTable(String name) && !name.equals(copy.definition.name())) {
                    requireFree(name);
                }
                copy.alter(alteration, disk.version + 1);
                return true;
            });
            return get(table).shown();
        });
    }

    @Override
    public CompletableFuture<List<WriteResult>> write(List<TableMutation> mutations, @Nullable Kept kept) {
        try {
            if (!mutations.isEmpty() || !(kept instanceof Note)) {
                ReferenceReader.requireLimit(mutations.size(), MOST_MUTATIONS);
            }
            return CompletableFuture.completedFuture(alone(() -> writeAlone(mutations, kept)));
        } catch (AkidbException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private List<WriteResult> writeAlone(List<TableMutation> mutations, @Nullable Kept kept) {
        long commit = disk.version + 1;
        Map<UUID, ReferenceTable> copies = new LinkedHashMap<>();
        List<WriteResult> results = new ArrayList<>();
        for (TableMutation mutation : mutations) {
            ReferenceTable copy =
                    copies.computeIfAbsent(mutation.table(), table -> get(table).copy());
            copy.shown().requireColumns(mutation.columnsVersion());
            results.add(copy.applyWithin(mutation.within(), mutation.mutation(), commit));
        }
        boolean changed = kept instanceof Note || copies.values().stream().anyMatch(copy -> copy.version == commit);
        List<WriteResult> answers = results.stream()
                .map(result -> as(changed ? commit : disk.version, result))
                .toList();
        switch (kept) {
            case Once once -> keepReceipt(once, answers);
            case Note note -> {
                Map<String, Note.Stored> space = disk.notes.computeIfAbsent(note.space(), _ -> new TreeMap<>());
                Note.Stored before = space.get(note.key());
                byte[] value = note.change().change(before == null ? null : before.value(), answers);
                space.put(note.key(), new Note.Stored(note.key(), commit, value));
                disk.version = commit;
            }
            case null -> {}
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
        return answers;
    }

    private void keepReceipt(Once once, List<WriteResult> results) {
        byte[] answer = once.answer().apply(results);
        if (disk.receipts.putIfAbsent(once.key(), new Once.Receipt(once.fingerprint(), answer)) != null) {
            throw new ConflictException(ErrorCode.IDEMPOTENCY_KEY_IN_USE, "There is a receipt of that key");
        }
    }

    @Override
    public Optional<Once.Receipt> receipt(String key) {
        return alone(() -> Optional.ofNullable(disk.receipts.get(key)));
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

    private static WriteResult as(long version, WriteResult result) {
        return new WriteResult(
                result.inserted(), result.replaced(), result.ignored(), result.updated(), result.deleted(), version);
    }

    @Override
    public TableReader reader(UUID table) {
        return reader(table, Table.ANY_COLUMNS);
    }

    @Override
    public TableReader reader(Table table) {
        return reader(table.id(), table.columnsVersion());
    }

    private TableReader reader(UUID table, long columnsVersion) {
        alone(() -> get(table));
        return new ReferenceReader(new ReferenceReader.Pinning() {
            @Override
            public <T> T read(Function<ReferenceTable, T> work) {
                return ReferenceEngine.this.read(table, at -> {
                    at.shown().requireColumns(columnsVersion);
                    return work.apply(at);
                });
            }
        });
    }

    @Override
    public List<List<@Nullable Object>> select(SelectRequest request) {
        return alone(() -> {
            request.tables().forEach(table -> get(table.id()).shown().requireColumns(table.columnsVersion()));
            return new ReferenceSelect(request, this::get).run();
        });
    }

    @Override
    public List<String> explain(SelectRequest request) {
        return alone(() -> {
            request.tables().forEach(table -> get(table.id()).shown().requireColumns(table.columnsVersion()));
            return request.tables().stream()
                    .map(table -> "read every row of " + table.definition().name())
                    .toList();
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
