package com.akidb.engine.embedded.catalog;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.index.IndexLayout;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A table of the store: what never changes of it, its layout, and how far it has come. */
public final class TableRecord {

    private final UUID id;
    private final Instant createdAt;

    private volatile Version now;
    private volatile boolean dropped;

    /** For the writer's thread only. */
    private long nextRow;

    /** For the writer's thread only. */
    private long firstNewRow;

    /** For the writer's thread only. */
    private long loggedChanges;

    /** By the numbers of vector columns. For the writer's thread only. */
    private Map<Integer, Long> vectorCounts;

    /** The layout, the state and the indexes as of a commit, which change together. */
    public record Version(TableLayout layout, Table state, List<IndexRecord> indexes) {

        public Version {
            indexes = List.copyOf(indexes);
        }
    }

    public TableRecord(UUID id, TableLayout layout, Instant createdAt, Progress progress, List<IndexRecord> indexes) {
        this.id = id;
        this.createdAt = createdAt;
        this.nextRow = progress.nextRow();
        this.firstNewRow = nextRow;
        this.loggedChanges = progress.loggedChanges();
        this.vectorCounts = Map.copyOf(progress.vectorCounts());
        // The columns may be older, but not newer.
        this.now = now(layout, progress.version(), progress.rowCount(), progress.version(), indexes);
    }

    private Version now(
            TableLayout layout, long columnsVersion, long rowCount, long version, List<IndexRecord> indexes) {
        Table state = new Table(id, layout.definition(), columnsVersion, createdAt, rowCount, version);
        return new Version(layout, state, indexes);
    }

    /**
     * How far a table has come.
     *
     * @param version of the last commit that changed it
     * @param nextRow id for the next row
     * @param rowCount rows that it has
     * @param loggedChanges entries of its change log
     * @param vectorCounts vectors that it has, by the numbers of vector columns
     */
    public record Progress(
            long version, long nextRow, long rowCount, long loggedChanges, Map<Integer, Long> vectorCounts) {}

    public long number() {
        return layout().names().number();
    }

    public UUID id() {
        return id;
    }

    public TableDefinition definition() {
        return layout().definition();
    }

    /** What the table's index follows. */
    public IndexLayout indexLayout() {
        Version as = now;
        return new IndexLayout(
                as.layout().definition(),
                as.layout().numbers().stream().map(Integer::longValue).toList(),
                as.indexes().stream()
                        .map(index -> index.definition(as.layout()))
                        .toList());
    }

    /** The table as of its last commit. */
    public Version version() {
        return now;
    }

    public TableLayout layout() {
        return now.layout();
    }

    /** The table as of its last commit. */
    public Table state() {
        return now.state();
    }

    /** Whether it was dropped; then no more writes are applied to it. */
    public boolean isDropped() {
        return dropped;
    }

    public void markDropped() {
        dropped = true;
    }

    /** Takes an id for a row. Ids are skipped when a write fails, and never taken twice. */
    public long takeRowId() {
        return nextRow++;
    }

    public long nextRow() {
        return nextRow;
    }

    /** The highest id that a row has had; for the writer's thread. */
    public long lastRowId() {
        return nextRow - 1;
    }

    /** Rows with this id or a higher one came with the transaction that is open. */
    public long firstNewRow() {
        return firstNewRow;
    }

    public long loggedChanges() {
        return loggedChanges;
    }

    public Map<Integer, Long> vectorCounts() {
        return vectorCounts;
    }

    /** Takes on what a commit made of the rows; for the writer's thread. */
    public void committed(Progress progress) {
        loggedChanges = progress.loggedChanges();
        vectorCounts = Map.copyOf(progress.vectorCounts());
        firstNewRow = nextRow;
        now = now(layout(), state().columnsVersion(), progress.rowCount(), progress.version(), now.indexes());
    }

    /** Takes on another layout and other indexes as of a commit. */
    public void altered(TableLayout layout, List<IndexRecord> indexes, long version) {
        long columnsVersion = layout.hasColumnsOf(layout()) ? state().columnsVersion() : version;
        now = now(layout, columnsVersion, state().rowCount(), version, indexes);
    }

    /** Takes on how far indexes are; nothing else has changed. */
    public void indexed(List<IndexRecord> indexes) {
        now = new Version(layout(), state(), indexes);
    }

    public List<IndexRecord> indexes() {
        return now.indexes();
    }

    public Optional<IndexRecord> index(String name) {
        return indexes().stream().filter(index -> index.name().equals(name)).findFirst();
    }

    public Optional<IndexRecord> index(int number) {
        return indexes().stream().filter(index -> index.number() == number).findFirst();
    }

    /** The state of the indexes that lie in the database. */
    public List<IndexStatus> indexStatus() {
        Version seen = now;
        return seen.indexes().stream()
                .filter(index -> !index.method().isVector())
                .map(index -> index.status(seen.layout(), seen.state().rowCount()))
                .toList();
    }
}
