package com.akidb.engine.embedded.store;

import com.akidb.engine.Column;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies writes to the tables of rows, inside the transaction that is open. For the writer's thread only. */
final class RowWriter {

    private static final long NONE = -1;

    private final Statements statements;

    RowWriter(Statements statements) {
        this.statements = statements;
    }

    /**
     * Applies one write.
     *
     * @throws ConflictException if a key exists and that is an error; part of the write may then be done
     */
    WriteEffect apply(StoredTable table, Mutation mutation, long version) throws SQLException {
        WriteEffect effect = new WriteEffect();
        switch (mutation) {
            case Mutation.Insert insert -> {
                for (int i = 0; i < insert.rows().size(); i++) {
                    insert(table, insert.rows().get(i), i, insert.onConflict(), version, effect);
                }
            }
            case Mutation.Update _, Mutation.Recompute _, Mutation.Fill _ -> throw new UnsupportedOperationException();
            case Mutation.Delete delete -> {
                if (!(delete.rows() instanceof RowSelection.Keys(List<String> keys))) {
                    throw new UnsupportedOperationException();
                }
                for (String key : keys) {
                    delete(table, key, version, effect);
                }
            }
        }
        return effect;
    }

    private void insert(
            StoredTable table,
            List<@Nullable Object> values,
            int index,
            OnConflict onConflict,
            long version,
            WriteEffect effect)
            throws SQLException {
        RowChange row = new RowChange(table.takeRowId(), values);
        if (insertRow(table, row, version)) {
            effect.inserted(row);
            return;
        }
        TableDefinition definition = table.definition();
        String key = String.valueOf(values.get(definition.indexOf(definition.primaryKey())));
        switch (onConflict) {
            case ERROR ->
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS,
                        "'" + key + "' exists already",
                        "rows[" + index + "]." + definition.primaryKey());
            case IGNORE -> effect.ignored();
            case REPLACE -> {
                long old = idOf(table, key);
                remove(table, old, key, version);
                if (!insertRow(table, row, version)) {
                    throw new InternalException("A row could not take the place of another");
                }
                effect.replaced(old, row);
            }
        }
    }

    private void delete(StoredTable table, String key, long version, WriteEffect effect) throws SQLException {
        long row = Text.isWellFormed(key) ? idOf(table, key) : NONE;
        if (row != NONE) {
            remove(table, row, key, version);
            effect.deleted(row);
        }
    }

    /** False if the key exists. */
    private boolean insertRow(StoredTable table, RowChange row, long version) throws SQLException {
        List<@Nullable Object> values = row.values();
        if (values == null) {
            throw new IllegalArgumentException("a deletion is not inserted");
        }
        TableSql sql = table.sql();
        List<Column> columns = table.definition().columns();
        PreparedStatement insert = statements.get(sql.insertRow);
        insert.setLong(1, row.rowId());
        insert.setLong(2, version);
        int index = 3;
        for (int position : sql.scalars) {
            ColumnValues.bind(insert, index++, columns.get(position).type(), values.get(position));
        }
        if (insert.executeUpdate() == 0) {
            return false;
        }
        for (int i = 0; i < sql.vectors.size(); i++) {
            int position = sql.vectors.get(i);
            if (values.get(position) != null) {
                PreparedStatement vector = statements.get(sql.insertVector.get(i));
                vector.setLong(1, row.rowId());
                ColumnValues.bind(vector, 2, columns.get(position).type(), values.get(position));
                vector.executeUpdate();
            }
        }
        return true;
    }

    private void remove(StoredTable table, long row, String key, long version) throws SQLException {
        TableSql sql = table.sql();
        deleteById(sql.deleteRow, row);
        for (String deleteVector : sql.deleteVector) {
            deleteById(deleteVector, row);
        }
        PreparedStatement log = statements.get(sql.logDeletion);
        log.setLong(1, version);
        log.setLong(2, row);
        log.setString(3, key);
        log.executeUpdate();
    }

    private void deleteById(String sql, long row) throws SQLException {
        PreparedStatement delete = statements.get(sql);
        delete.setLong(1, row);
        delete.executeUpdate();
    }

    private long idOf(StoredTable table, String key) throws SQLException {
        PreparedStatement select = statements.get(table.sql().idOfKey);
        select.setString(1, key);
        try (ResultSet result = select.executeQuery()) {
            return result.next() ? result.getLong(1) : NONE;
        }
    }
}
