package com.akidb.engine.embedded.read;

import com.akidb.engine.Changes;
import com.akidb.engine.Note;
import com.akidb.engine.QueryPage;
import com.akidb.engine.RowQuery;
import com.akidb.engine.Snapshot;
import com.akidb.engine.Table;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.memory.RequestMemory;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Reads within a transaction that is open. */
public final class StoredSnapshot implements Snapshot {

    private static final int MOST_NOTES = 10_000;

    private final Statements reader;
    private final Map<UUID, TableLayout> layouts;
    private final long version;

    private StoredSnapshot(Statements reader, Map<UUID, TableLayout> layouts, long version) {
        this.reader = reader;
        this.layouts = layouts;
        this.version = version;
    }

    /** Reads tables, which are given by their ids, in the transaction of a connection. */
    public static <T> T read(Statements reader, Map<UUID, TableLayout> layouts, Function<Snapshot, T> reading)
            throws SQLException {
        StoredSnapshot snapshot = new StoredSnapshot(reader, layouts, StoredDatabase.version(reader.connection()));
        try {
            return reading.apply(snapshot);
        } catch (Failed e) {
            throw e.cause;
        }
    }

    /** A failure of the database on its way through the caller's reading. */
    @SuppressWarnings("serial")
    private static final class Failed extends RuntimeException {

        private final SQLException cause;

        Failed(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private interface Work<T> {
        T read() throws SQLException;
    }

    private static <T> T sql(Work<T> work) {
        try {
            return work.read();
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    private TableLayout layout(Table table) {
        TableLayout layout = layouts.get(table.id());
        if (layout == null) {
            throw new IllegalArgumentException("The snapshot is not of " + table.id());
        }
        return layout;
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public Changes.Place now(Table table) {
        return sql(() -> new ChangeReader(reader, layout(table), false).now());
    }

    @Override
    public Changes changes(Table table, Changes.Place after, int limit, boolean includeVectors) {
        Changes changes = sql(() -> new ChangeReader(reader, layout(table), includeVectors).after(after, limit));
        if (changes instanceof Changes.Page page) {
            RequestMemory.takeOfCurrent(page.changes().stream()
                    .mapToLong(change -> change.row() == null ? 0 : change.row().weight())
                    .sum());
        }
        return changes;
    }

    @Override
    public QueryPage query(Table table, RowQuery query) {
        return sql(() -> StoredRows.query(reader, layout(table), query));
    }

    @Override
    public List<Note.Stored> notes(String space) {
        return sql(() -> {
            PreparedStatement select = reader.get(
                    "SELECT key, version, value FROM akidb_notes WHERE space = ? ORDER BY key LIMIT " + MOST_NOTES);
            Statements.bind(select, space);
            List<Note.Stored> notes = new ArrayList<>();
            try (ResultSet note = select.executeQuery()) {
                while (note.next()) {
                    notes.add(new Note.Stored(note.getString(1), note.getLong(2), note.getBytes(3)));
                }
            }
            return notes;
        });
    }
}
