package com.akidb.engine.embedded.write;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Uncomputed;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.catalog.TableSql.CellSql;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.text.Words;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies one write to the rows of one table, inside the transaction that is open, and keeps account of it. For the
 * writer's thread only.
 */
final class MutationApplier {

    /** Longest part of a value that a message shows, in characters. */
    private static final int SHOWN = 64;

    private final Statements statements;
    private final TableRecord table;
    private final TableLayout layout;
    private final CommitMark mark;
    private final Mutation mutation;
    private final WriteEffect effect = new WriteEffect();
    private final CellWriter cells;
    private final RowSelector selector;

    /** @throws com.akidb.error.TableChangedException if the write was made for other columns than the table has by now */
    MutationApplier(Statements statements, WriteTask.Part part, CommitMark mark) {
        this.statements = statements;
        this.table = part.table();
        this.mark = mark;
        table.state().requireColumns(part.columnsVersion());
        TableLayout now = table.layout();
        this.layout = now.inTheNamesOf(part.layout());
        this.mutation = now == part.layout() ? part.mutation() : fit(part.mutation(), part.layout(), now);
        this.cells = new CellWriter(statements, layout, mark, effect);
        this.selector = new RowSelector(statements, layout, part.within(), part.matches());
    }

    /**
     * A write that was checked under another layout. Columns keep their values whatever they are called by now; values of
     * columns that are gone are dropped, and columns that have come take their defaults.
     *
     * @throws InvalidInputException if it lacks a value for a column that has come
     */
    private Mutation fit(Mutation given, TableLayout then, TableLayout now) {
        return switch (given) {
            case Mutation.Insert insert -> {
                List<List<@Nullable Object>> rows =
                        new ArrayList<>(insert.rows().size());
                for (List<@Nullable Object> row : insert.rows()) {
                    List<@Nullable Object> fitted =
                            new ArrayList<>(now.numbers().size());
                    for (int position = 0; position < now.numbers().size(); position++) {
                        int before = then.positionOf(now.number(position));
                        fitted.add(before < 0 ? now.column(position).defaultValue() : row.get(before));
                    }
                    rows.add(fitted);
                }
                yield MutationCheck.check(now, new Mutation.Insert(rows, insert.onConflict()));
            }
            case Mutation.Update update -> new Mutation.Update(update.rows(), fit(update.values(), "values"));
            case Mutation.UpdateEach update -> {
                List<Mutation.RowValues> rows = new ArrayList<>(update.rows().size());
                for (int i = 0; i < update.rows().size(); i++) {
                    Mutation.RowValues row = update.rows().get(i);
                    rows.add(new Mutation.RowValues(row.key(), fit(row.values(), "rows[" + i + "]")));
                }
                yield new Mutation.UpdateEach(rows, update.ifMissing());
            }
            case Mutation.Delete _, Mutation.Recompute _, Mutation.Fill _ -> given;
        };
    }

    private Map<String, @Nullable Object> fit(Map<String, @Nullable Object> given, String blame) {
        Map<String, @Nullable Object> values = new HashMap<>(given);
        values.keySet().removeIf(name -> !layout.has(name));
        if (values.isEmpty()) {
            throw MutationCheck.noValues(blame);
        }
        return values;
    }

    /**
     * What writes of one commit share.
     *
     * @param micros its time, in microseconds since 1970
     */
    record CommitMark(long version, long micros) {}

    /**
     * Applies the write.
     *
     * @throws ConflictException if a key exists and that is an error, or a value is not unique; part of the write may
     *     then be done
     * @throws ForbiddenException if it would replace or leave a row that it may not concern; part of it may then be done
     */
    WriteEffect apply() throws SQLException {
        switch (mutation) {
            case Mutation.Insert insert -> {
                for (int i = 0; i < insert.rows().size(); i++) {
                    insert(insert.rows().get(i), i, insert.onConflict());
                }
            }
            case Mutation.Update update -> {
                Change change = new Change(update.values(), "values");
                for (long id : selector.select(update.rows()).keySet()) {
                    update(id, change);
                }
            }
            case Mutation.UpdateEach update -> {
                for (int i = 0; i < update.rows().size(); i++) {
                    update(update.rows().get(i), "rows[" + i + "]", update.ifMissing());
                }
            }
            case Mutation.Delete delete -> delete(delete);
            case Mutation.Recompute recompute -> recompute(recompute);
            case Mutation.Fill fill -> fill(fill);
        }
        requireWithin(effect.changes().stream()
                .filter(change -> change.values() != null)
                .map(RowChange::rowId)
                .distinct()
                .toList());
        return effect;
    }

    /** Rows that a later one of the same write has replaced are no longer there, and do not count. */
    private void requireWithin(List<Long> ids) throws SQLException {
        for (long id : selector.outside(ids)) {
            if (selector.isThere(id)) {
                throw new ForbiddenException(
                        "The write concerns rows, or would make such, that the caller may not have");
            }
        }
    }

    private void insert(List<@Nullable Object> given, int index, OnConflict onConflict) throws SQLException {
        int keyPosition = layout.keyPosition();
        long id = table.takeRowId();
        if (given.get(keyPosition) == null) {
            // The key is the row's id; ids that rows have as keys of their own are passed over.
            while (!tryInsert(id, withKey(given, keyPosition, id), index)) {
                id = table.takeRowId();
            }
            return;
        }
        if (tryInsert(id, given, index)) {
            return;
        }
        Object key = given.get(keyPosition);
        switch (onConflict) {
            case ERROR ->
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        "'" + key + "' exists already",
                        "rows[" + index + "]." + table.definition().primaryKey());
            case IGNORE -> effect.ignored();
            case REPLACE -> replace(id, given, index);
        }
    }

    private static List<@Nullable Object> withKey(List<@Nullable Object> values, int position, long key) {
        @Nullable Object[] all = values.toArray();
        all[position] = key;
        List<@Nullable Object> list = Arrays.<@Nullable Object>asList(all);
        return Collections.<@Nullable Object>unmodifiableList(list);
    }

    /**
     * Inserts a row.
     *
     * @return false if the key exists; then nothing happened
     * @throws com.akidb.error.ConflictException if another value is not unique
     */
    private boolean tryInsert(long id, List<@Nullable Object> values, int index) throws SQLException {
        if (insertRow(id, values)) {
            effect.inserted(new RowChange(id, withoutUncomputed(values)));
            return true;
        }
        if (selector.idOf(keyOf(values)) != RowSelector.NONE) {
            return false;
        }
        throw conflictOfInsert(values, index);
    }

    /** Inserts a row in the place of the one with its key. */
    private void replace(long id, List<@Nullable Object> values, int index) throws SQLException {
        Object key = keyOf(values);
        long old = selector.idOf(key);
        requireWithin(List.of(old));
        remove(old, String.valueOf(key));
        if (!insertRow(id, values)) {
            throw conflictOfInsert(values, index);
        }
        effect.replaced(old, new RowChange(id, withoutUncomputed(values)));
    }

    private Object keyOf(List<@Nullable Object> values) {
        return Objects.requireNonNull(values.get(layout.keyPosition()));
    }

    private boolean insertRow(long id, List<@Nullable Object> values) throws SQLException {
        PreparedStatement insert = statements.get(layout.sql().insertRow);
        insert.setLong(1, id);
        insert.setLong(2, mark.version());
        insert.setLong(3, mark.micros());
        int index = 4;
        for (int position : layout.scalars()) {
            ColumnValues.bind(insert, index++, layout.column(position).type(), values.get(position));
        }
        if (insert.executeUpdate() == 0) {
            return false;
        }
        List<Integer> vectors = layout.vectors();
        for (int i = 0; i < vectors.size(); i++) {
            cells.insert(layout.sql().cells.get(i), id, values.get(vectors.get(i)));
        }
        return true;
    }

    private List<@Nullable Object> withoutUncomputed(List<@Nullable Object> values) {
        @Nullable Object[] cleaned = null;
        for (int position : layout.vectors()) {
            if (values.get(position) instanceof Uncomputed) {
                cleaned = cleaned == null ? values.toArray() : cleaned;
                cleaned[position] = null;
            }
        }
        if (cleaned == null) {
            return values;
        }
        List<@Nullable Object> list = Arrays.<@Nullable Object>asList(cleaned);
        return Collections.<@Nullable Object>unmodifiableList(list);
    }

    private void delete(Mutation.Delete delete) throws SQLException {
        for (Map.Entry<Long, String> row : selector.select(delete.rows()).entrySet()) {
            remove(row.getKey(), row.getValue());
            effect.deleted(row.getKey());
        }
    }

    private void remove(long id, String key) throws SQLException {
        run(layout.sql().deleteRow, id);
        for (CellSql cell : layout.sql().cells) {
            cells.remove(cell, id);
        }
        log(id, key);
    }

    /** Logs that a row went away or, without a key, that it changed. */
    private void log(long id, @Nullable String key) throws SQLException {
        PreparedStatement log = statements.get(layout.sql().logChange);
        log.setLong(1, mark.version());
        log.setLong(2, id);
        log.setString(3, key);
        log.executeUpdate();
        effect.logged();
    }

    private void update(Mutation.RowValues row, String blame, Mutation.IfMissing ifMissing) throws SQLException {
        long id = selector.idOf(row.key());
        if (id != RowSelector.NONE && selector.outside(List.of(id)).isEmpty()) {
            update(id, new Change(row.values(), blame));
        } else if (ifMissing == Mutation.IfMissing.IGNORE) {
            effect.ignored();
        } else {
            throw new NotFoundException(
                    ErrorCode.NOT_FOUND,
                    "Row '" + Words.shown(row.key().toString()) + "' not found",
                    blame + "." + table.definition().primaryKey());
        }
    }

    /** What rows are given: new values, by position, and the SQL that writes those that stand in the table of rows. */
    private final class Change {
        private final @Nullable Object[] row = unchanged();
        private final List<Integer> scalars;
        private final String sql;
        private final String blame;

        /** @param blame field of the request that the values stand in */
        Change(Map<String, @Nullable Object> values, String blame) {
            values.forEach((name, value) -> row[layout.position(name, blame)] = value);
            this.blame = blame;
            scalars = layout.scalars().stream()
                    .filter(position -> row[position] != RowChange.SAME)
                    .toList();
            sql = "UPDATE OR IGNORE " + layout.names().rows() + " SET version = ?, changed_at = ?"
                    + scalars.stream()
                            .map(position -> ", " + layout.sqlName(position) + " = ?")
                            .collect(Collectors.joining())
                    + " WHERE id = ?";
        }
    }

    private void update(long id, Change change) throws SQLException {
        PreparedStatement statement = statements.get(change.sql);
        statement.setLong(1, mark.version());
        statement.setLong(2, mark.micros());
        int index = 3;
        for (int position : change.scalars) {
            ColumnValues.bind(statement, index++, layout.column(position).type(), change.row[position]);
        }
        statement.setLong(index, id);
        if (statement.executeUpdate() == 0) {
            throw conflictOfUpdate(change, id);
        }
        for (int i = 0; i < layout.vectors().size(); i++) {
            int position = layout.vectors().get(i);
            if (change.row[position] != RowChange.SAME) {
                cells.replace(layout.sql().cells.get(i), id, change.row[position]);
            }
        }
        changed(id, change.row);
    }

    private @Nullable Object[] unchanged() {
        @Nullable Object[] row = new Object[layout.numbers().size()];
        Arrays.fill(row, RowChange.SAME);
        return row;
    }

    /** Logs that a row has changed, and tells the index what of it. */
    private void changed(long id, @Nullable Object[] row) throws SQLException {
        log(id, null);
        effect.updated(new RowChange(id, withoutUncomputed(Arrays.<@Nullable Object>asList(row))));
    }

    private void recompute(Mutation.Recompute recompute) throws SQLException {
        int position = layout.vectorPosition(recompute.column(), "column");
        effect.marked(cells.markPending(layout.number(position), selector.quickCondition(recompute.rows())));
    }

    private void fill(Mutation.Fill fill) throws SQLException {
        int position = layout.vectorPosition(fill.column(), "column");
        CellSql sql = layout.sql().cells.get(layout.vectors().indexOf(position));
        for (Mutation.Computed cell : fill.cells()) {
            switch (cells.fill(sql, cell)) {
                case PASSED_OVER -> effect.ignored();
                case NOTED -> effect.marked(1);
                case VECTOR_CHANGED -> {
                    touch(cell.rowId());
                    @Nullable Object[] row = unchanged();
                    row[position] = cell.value();
                    changed(cell.rowId(), row);
                }
            }
        }
    }

    private void touch(long id) throws SQLException {
        PreparedStatement touch =
                statements.get("UPDATE " + layout.names().rows() + " SET version = ?, changed_at = ? WHERE id = ?");
        touch.setLong(1, mark.version());
        touch.setLong(2, mark.micros());
        touch.setLong(3, id);
        touch.executeUpdate();
    }

    private void run(String sql, long id) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        statement.setLong(1, id);
        statement.executeUpdate();
    }

    /** Which value was not unique, once SQLite has said that one is not. */
    private AkidbException conflictOfInsert(List<@Nullable Object> values, int index) throws SQLException {
        for (int position : layout.scalars()) {
            if (isTaken(position, values.get(position), RowSelector.NONE)) {
                return conflict(
                        position,
                        values.get(position),
                        "rows[" + index + "]." + layout.column(position).name());
            }
        }
        return new InternalException("A row could not be inserted");
    }

    private AkidbException conflictOfUpdate(Change change, long id) throws SQLException {
        for (int position : change.scalars) {
            if (isTaken(position, change.row[position], id)) {
                return conflict(
                        position,
                        change.row[position],
                        change.blame + "." + layout.column(position).name());
            }
        }
        return new InternalException("A row could not be updated");
    }

    private boolean isTaken(int position, @Nullable Object value, long exceptBy) throws SQLException {
        Column column = layout.column(position);
        if (!column.unique() || value == null) {
            return false;
        }
        PreparedStatement select = statements.get(
                "SELECT 1 FROM " + layout.names().rows() + " WHERE " + layout.sqlName(position) + " = ? AND id <> ?");
        ColumnValues.bind(select, 1, column.type(), value);
        select.setLong(2, exceptBy);
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    private ConflictException conflict(int position, @Nullable Object value, String field) {
        Column column = layout.column(position);
        String shown = String.valueOf(value);
        if (column.type() == ColumnType.STRING && shown.codePointCount(0, shown.length()) > SHOWN) {
            shown = shown.substring(0, shown.offsetByCodePoints(0, SHOWN)) + "...";
        }
        return new ConflictException(
                ErrorCode.ALREADY_EXISTS, "Another row has '" + shown + "' in '" + column.name() + "'", field);
    }
}
