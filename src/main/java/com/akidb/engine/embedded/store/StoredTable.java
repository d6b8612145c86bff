package com.akidb.engine.embedded.store;

import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import java.time.Instant;
import java.util.UUID;

/** A table of the store: what never changes of it, and how far it has come. */
public final class StoredTable {

    private final long number;
    private final UUID id;
    private final TableDefinition definition;
    private final Instant createdAt;
    private final TableSql sql;

    private volatile Table state;
    private volatile boolean dropped;

    /** For the writer's thread only. */
    private long nextRow;

    /** For the writer's thread only. */
    private long loggedChanges;

    StoredTable(long number, UUID id, TableDefinition definition, Instant createdAt, Progress progress) {
        this.number = number;
        this.id = id;
        this.definition = definition;
        this.createdAt = createdAt;
        this.sql = new TableSql(new TableNames(number), definition);
        this.nextRow = progress.nextRow();
        this.loggedChanges = progress.loggedChanges();
        this.state = new Table(id, definition, createdAt, progress.rowCount(), progress.version());
    }

    /**
     * How far a table has come.
     *
     * @param version of the last commit that changed it
     * @param nextRow id for the next row
     * @param rowCount rows that it has
     * @param loggedChanges entries of its change log
     */
    record Progress(long version, long nextRow, long rowCount, long loggedChanges) {}

    long number() {
        return number;
    }

    public UUID id() {
        return id;
    }

    public TableDefinition definition() {
        return definition;
    }

    TableSql sql() {
        return sql;
    }

    /** The table as of its last commit. */
    public Table state() {
        return state;
    }

    /** Whether it was dropped; then no more writes are applied to it. */
    public boolean isDropped() {
        return dropped;
    }

    void markDropped() {
        dropped = true;
    }

    /** Takes an id for a row. Ids are skipped when a write fails, and never taken twice. */
    long takeRowId() {
        return nextRow++;
    }

    long nextRow() {
        return nextRow;
    }

    long loggedChanges() {
        return loggedChanges;
    }

    void committed(long version, long rowCount, long changes) {
        loggedChanges = changes;
        state = new Table(id, definition, createdAt, rowCount, version);
    }
}
