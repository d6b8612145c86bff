package com.akidb.engine.embedded.store;

import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies writes to the tables of rows, inside the transaction that is open. For the writer's thread only. */
final class RowWriter {

    private final Statements statements;
    private final Clock clock;

    RowWriter(Statements statements, Clock clock) {
        this.statements = statements;
        this.clock = clock;
    }

    /** What writes of one commit share. */
    record Commit(long version, long micros) {}

    /** A commit that begins now. */
    Commit begin(long version) {
        return new Commit(version, ColumnValues.micros(clock.instant()));
    }

    /**
     * Applies one write.
     *
     * @throws ConflictException if a key exists and that is an error, or a value is not unique; part of the write may
     *     then be done
     */
    WriteEffect apply(StoredTable table, Mutation mutation, Commit commit) throws SQLException {
        TableLayout layout = table.layout();
        WriteEffect effect = new WriteEffect();
        CellWriter cells = new CellWriter(statements, layout, commit, effect);
        RowChanger changer = new RowChanger(statements, layout, commit, cells, effect);
        switch (mutation) {
            case Mutation.Insert insert -> {
                for (int i = 0; i < insert.rows().size(); i++) {
                    insert(table, insert.rows().get(i), i, insert.onConflict(), changer);
                }
            }
            case Mutation.Update update -> changer.update(update);
            case Mutation.Delete delete -> changer.delete(delete);
            case Mutation.Recompute recompute -> changer.recompute(recompute);
            case Mutation.Fill fill -> changer.fill(fill);
        }
        return effect;
    }

    private void insert(
            StoredTable table, List<@Nullable Object> given, int index, OnConflict onConflict, RowChanger changer)
            throws SQLException {
        int keyPosition = table.layout().keyPosition();
        long id = table.takeRowId();
        if (given.get(keyPosition) == null) {
            // The key is the row's id; ids that rows have as keys of their own are passed over.
            while (!changer.insert(id, withKey(given, keyPosition, id), index)) {
                id = table.takeRowId();
            }
            return;
        }
        if (changer.insert(id, given, index)) {
            return;
        }
        Object key = given.get(keyPosition);
        switch (onConflict) {
            case ERROR ->
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        "'" + key + "' exists already",
                        "rows[" + index + "]." + table.definition().primaryKey());
            case IGNORE -> changer.effect().ignored();
            case REPLACE -> changer.replace(id, given, index);
        }
    }

    private static List<@Nullable Object> withKey(List<@Nullable Object> values, int position, long key) {
        @Nullable Object[] all = values.toArray();
        all[position] = key;
        List<@Nullable Object> list = Arrays.<@Nullable Object>asList(all);
        return Collections.<@Nullable Object>unmodifiableList(list);
    }
}
