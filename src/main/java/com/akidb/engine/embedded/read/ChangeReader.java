package com.akidb.engine.embedded.read;

import com.akidb.engine.Changes;
import com.akidb.engine.Changes.Change;
import com.akidb.engine.Changes.Place;
import com.akidb.engine.Row;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableSql;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.error.NotFoundException;
import com.akidb.memory.Heap;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads what happened to a table's rows after a place, as of one commit. Deletions and updates are in the log of changes;
 * rows that came and were not touched since are not, but rise in id and commit together. So the answer is a merge of two
 * streams that are in order already, and costs what it returns.
 */
final class ChangeReader {

    private static final long MOST_BYTES = Heap.page();

    private final Statements reader;
    private final TableLayout layout;
    private final TableSql sql;
    private final boolean includeVectors;

    ChangeReader(Statements reader, TableLayout layout, boolean includeVectors) {
        this.reader = reader;
        this.layout = layout;
        this.sql = layout.sql();
        this.includeVectors = includeVectors;
    }

    /** How far the table and its log have come. */
    private record Progress(long version, long changesAfter) {}

    Changes after(Place place, int limit) throws SQLException {
        Progress progress = progress();
        long newest = number(sql.newestRow);
        Place now = new Place(Math.max(progress.version, place.version()), Long.MAX_VALUE, newest);
        boolean pruned = place.version() < progress.changesAfter
                || (place.version() == progress.changesAfter && place.rowId() != Long.MAX_VALUE);
        if (pruned || number(sql.definedAfter, place.version()) > 0) {
            return new Changes.StartAnew(now);
        }
        return page(place, limit, now);
    }

    /** The place behind all that has happened. */
    Place now() throws SQLException {
        return new Place(progress().version, Long.MAX_VALUE, number(sql.newestRow));
    }

    private Changes.Page page(Place place, int limit, Place now) throws SQLException {
        List<Change> changes = new ArrayList<>();
        long bytes = 0;
        long seen = place.newest() != 0 ? place.newest() : lastKnownRow(place);
        PreparedStatement logged = reader.get(sql.loggedAfter);
        logged.setLong(1, place.version());
        logged.setLong(2, place.rowId());
        PreparedStatement untouched = reader.get(sql.untouchedAfter);
        untouched.setLong(1, seen);
        untouched.setLong(2, place.version());
        untouched.setLong(3, place.rowId());
        try (ResultSet log = logged.executeQuery();
                ResultSet fresh = untouched.executeQuery()) {
            boolean hasLog = log.next();
            boolean hasFresh = fresh.next();
            while (hasLog || hasFresh) {
                if (changes.size() == limit || bytes >= MOST_BYTES) {
                    Change last = changes.getLast();
                    return new Changes.Page(changes, new Place(last.version(), last.rowId(), seen), true);
                }
                boolean fromLog = hasLog && (!hasFresh || isBefore(log, fresh));
                Change change = fromLog ? change(log, log.getString(3)) : change(fresh, null);
                changes.add(change);
                bytes += change.row() == null
                        ? change.key().length()
                        : change.row().weight();
                if (fromLog) {
                    hasLog = log.next();
                } else {
                    seen = change.rowId();
                    hasFresh = fresh.next();
                }
            }
        }
        return new Changes.Page(changes, now, false);
    }

    /** The last row up to which all unchanged rows are known. */
    private long lastKnownRow(Place place) throws SQLException {
        boolean whole = place.rowId() == Long.MAX_VALUE;
        return number(sql.lastRowAt, whole ? place.version() : place.version() - 1);
    }

    private static boolean isBefore(ResultSet one, ResultSet other) throws SQLException {
        int byVersion = Long.compare(one.getLong(1), other.getLong(1));
        return byVersion != 0 ? byVersion < 0 : one.getLong(2) < other.getLong(2);
    }

    private Change change(ResultSet at, @Nullable String deletedKey) throws SQLException {
        long version = at.getLong(1);
        long rowId = at.getLong(2);
        if (deletedKey != null) {
            return new Change(version, rowId, deletedKey, null);
        }
        PreparedStatement select = reader.get(includeVectors ? sql.rowByIdWithVectors : sql.rowById);
        Row row = StoredRows.row(select, rowId, layout, includeVectors);
        String key = String.valueOf(Objects.requireNonNull(row.values().get(layout.keyPosition())));
        return new Change(version, rowId, key, row);
    }

    private Progress progress() throws SQLException {
        PreparedStatement select = reader.get("SELECT version, changes_after FROM akidb_tables WHERE number = ?");
        select.setLong(1, layout.names().number());
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new NotFoundException("The table is gone");
            }
            return new Progress(row.getLong(1), row.getLong(2));
        }
    }

    /** The number that a query answers, 0 if none. */
    private long number(String query, long... parameters) throws SQLException {
        PreparedStatement select = reader.get(query);
        for (int i = 0; i < parameters.length; i++) {
            select.setLong(i + 1, parameters[i]);
        }
        try (ResultSet result = select.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
