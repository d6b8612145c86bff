package com.akidb.engine.embedded.store;

import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.Uncomputed;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.engine.embedded.sql.ColumnValues;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes the rows of one table for one write, and keeps account of it. */
final class RowChanger {

    private final Statements statements;
    private final TableLayout layout;
    private final RowWriter.Commit commit;
    private final CellWriter cells;
    private final WriteEffect effect;
    private final RowSelector selector;
    private final UniqueConflicts conflicts;

    RowChanger(
            Statements statements, TableLayout layout, RowWriter.Commit commit, CellWriter cells, WriteEffect effect) {
        this.statements = statements;
        this.layout = layout;
        this.commit = commit;
        this.cells = cells;
        this.effect = effect;
        this.selector = new RowSelector(statements, layout);
        this.conflicts = new UniqueConflicts(statements, layout);
    }

    WriteEffect effect() {
        return effect;
    }

    /**
     * Inserts a row.
     *
     * @return false if the key exists; then nothing happened
     * @throws com.akidb.error.ConflictException if another value is not unique
     */
    boolean insert(long id, List<@Nullable Object> values, int index) throws SQLException {
        if (insertRow(id, values)) {
            effect.inserted(new RowChange(id, withoutUncomputed(values)));
            return true;
        }
        if (selector.idOf(keyOf(values)) != RowSelector.NONE) {
            return false;
        }
        throw conflicts.ofInsert(values, index);
    }

    /** Inserts a row in the place of the one with its key. */
    void replace(long id, List<@Nullable Object> values, int index) throws SQLException {
        Object key = keyOf(values);
        long old = selector.idOf(key);
        remove(old, String.valueOf(key));
        if (!insertRow(id, values)) {
            throw conflicts.ofInsert(values, index);
        }
        effect.replaced(old, new RowChange(id, withoutUncomputed(values)));
    }

    private Object keyOf(List<@Nullable Object> values) {
        return Objects.requireNonNull(values.get(layout.keyPosition()));
    }

    private boolean insertRow(long id, List<@Nullable Object> values) throws SQLException {
        PreparedStatement insert = statements.get(layout.sql().insertRow);
        insert.setLong(1, id);
        insert.setLong(2, commit.version());
        insert.setLong(3, commit.micros());
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

    void delete(Mutation.Delete delete) throws SQLException {
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
        log.setLong(1, commit.version());
        log.setLong(2, id);
        log.setString(3, key);
        log.executeUpdate();
        effect.logged();
    }

    void update(Mutation.Update update) throws SQLException {
        List<Integer> scalars = layout.scalars().stream()
                .filter(position ->
                        update.values().containsKey(layout.column(position).name()))
                .toList();
        String sql = "UPDATE OR IGNORE " + layout.names().rows() + " SET version = ?, changed_at = ?"
                + scalars.stream()
                        .map(position -> ", " + layout.sqlName(position) + " = ?")
                        .collect(Collectors.joining())
                + " WHERE id = ?";
        @Nullable Object[] row = unchanged();
        update.values().forEach((name, value) -> row[layout.position(name, "values")] = value);
        for (long id : selector.select(update.rows()).keySet()) {
            PreparedStatement statement = statements.get(sql);
            statement.setLong(1, commit.version());
            statement.setLong(2, commit.micros());
            int index = 3;
            for (int position : scalars) {
                ColumnType type = layout.column(position).type();
                ColumnValues.bind(
                        statement,
                        index++,
                        type,
                        update.values().get(layout.column(position).name()));
            }
            statement.setLong(index, id);
            if (statement.executeUpdate() == 0) {
                throw conflicts.ofUpdate(update.values(), id);
            }
            for (int i = 0; i < layout.vectors().size(); i++) {
                String name = layout.column(layout.vectors().get(i)).name();
                if (update.values().containsKey(name)) {
                    cells.replace(layout.sql().cells.get(i), id, update.values().get(name));
                }
            }
            changed(id, row);
        }
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

    void recompute(Mutation.Recompute recompute) throws SQLException {
        int position = layout.vectorPosition(recompute.column(), "column");
        effect.marked(cells.markPending(layout.number(position), selector.condition(recompute.rows())));
    }

    void fill(Mutation.Fill fill) throws SQLException {
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
        touch.setLong(1, commit.version());
        touch.setLong(2, commit.micros());
        touch.setLong(3, id);
        touch.executeUpdate();
    }

    private void run(String sql, long id) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        statement.setLong(1, id);
        statement.executeUpdate();
    }
}
