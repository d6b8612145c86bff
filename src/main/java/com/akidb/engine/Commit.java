package com.akidb.engine;

import java.util.List;
import java.util.UUID;

/**
 * A commit, or several that followed each other, as a {@link CommitListener} is told.
 *
 * @param version sequence number of the last
 * @param tables each table once
 */
public record Commit(long version, List<TableChange> tables) {

    public Commit {
        tables = List.copyOf(tables);
    }

    /** What happened to a table. */
    public enum Kind {
        /** Rows were written or deleted. */
        ROWS,
        /** The table was created, or its definition or indexes are others; rows may have changed, too. */
        DEFINITION,
        /** The table is gone. */
        DROPPED
    }

    /**
     * What became of one table.
     *
     * @param written rows that were inserted or changed; one that several commits wrote counts as often
     * @param deleted rows that were deleted or replaced
     */
    public record TableChange(UUID table, Kind kind, long written, long deleted) {

        /** This and what came after it, as one. */
        public TableChange then(TableChange later) {
            Kind worst = kind.compareTo(later.kind) >= 0 ? kind : later.kind;
            return new TableChange(table, worst, written + later.written, deleted + later.deleted);
        }
    }
}
