package com.akidb.engine.embedded.write;

import com.akidb.engine.ColumnType;
import com.akidb.engine.Mutation;
import com.akidb.engine.Uncomputed;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableNames;
import com.akidb.engine.embedded.catalog.TableSql.CellSql;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.engine.embedded.sql.SqlText;
import com.akidb.engine.embedded.write.MutationApplier.CommitMark;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes the cells of vector columns for one write. */
final class CellWriter {

    /** What became of a cell that was to be filled. */
    enum Filled {
        /** It no longer has that stamp. */
        PASSED_OVER,
        /** Its state changed and no vector with it. */
        NOTED,
        /** It got a vector, or lost the one it had. */
        VECTOR_CHANGED
    }

    private final Statements statements;
    private final TableLayout layout;
    private final CommitMark mark;
    private final WriteEffect effect;

    CellWriter(Statements statements, TableLayout layout, CommitMark mark, WriteEffect effect) {
        this.statements = statements;
        this.layout = layout;
        this.mark = mark;
        this.effect = effect;
    }

    /** Gives a new row its cell. */
    void insert(CellSql sql, long row, @Nullable Object value) throws SQLException {
        switch (value) {
            case float[] vector -> {
                put(sql.insertVector, row, vector);
                effect.vectors(sql.column, 1);
            }
            case Uncomputed uncomputed -> note(sql, row, uncomputed);
            case null, default -> {}
        }
    }

    /** Gives a row that is there another cell. */
    void replace(CellSql sql, long row, @Nullable Object value) throws SQLException {
        if (value instanceof float[] vector) {
            delete(sql.deleteCell, row);
            putVector(sql, row, vector);
            return;
        }
        effect.vectors(sql.column, -delete(sql.deleteVector, row));
        if (value instanceof Uncomputed uncomputed) {
            note(sql, row, uncomputed);
        } else {
            delete(sql.deleteCell, row);
        }
    }

    private void putVector(CellSql sql, long row, float[] vector) throws SQLException {
        if (put(sql.updateVector, row, vector) == 0) {
            put(sql.insertVector, row, vector);
            effect.vectors(sql.column, 1);
        }
    }

    private int put(String sql, long row, float[] vector) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        statement.setLong(1, row);
        ColumnValues.bind(statement, 2, ColumnType.VECTOR, vector);
        return statement.executeUpdate();
    }

    private void note(CellSql sql, long row, Uncomputed uncomputed) throws SQLException {
        PreparedStatement put = statements.get(sql.putCell);
        put.setLong(1, row);
        put.setInt(2, uncomputed instanceof Uncomputed.Pending ? CellSql.PENDING : CellSql.FAILED);
        put.setLong(3, mark.version());
        put.setInt(4, 0);
        put.setString(5, uncomputed instanceof Uncomputed.Failed(String error) ? error : null);
        put.executeUpdate();
    }

    /** Takes away the cell of a row that goes. */
    void remove(CellSql sql, long row) throws SQLException {
        effect.vectors(sql.column, -delete(sql.deleteVector, row));
        delete(sql.deleteCell, row);
    }

    private int delete(String sql, long row) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        statement.setLong(1, row);
        return statement.executeUpdate();
    }

    /**
     * Makes cells wait; vectors stay until others come.
     *
     * @param rows condition on the table of rows
     * @return how many
     */
    int markPending(int column, SqlText rows) throws SQLException {
        TableNames names = layout.names();
        SqlText sql = new SqlText()
                .add("INSERT INTO ")
                .add(names.cells(column))
                .add(" (row, state, stamp, kept) SELECT id, " + CellSql.PENDING + ", ")
                .value(mark.version())
                .add(", EXISTS (SELECT 1 FROM " + names.vectors(column) + " v WHERE v.row = id) FROM ")
                .add(names.rows())
                .add(" WHERE ")
                .add(rows)
                .add(" ON CONFLICT DO UPDATE SET state = excluded.state, stamp = excluded.stamp,"
                        + " kept = excluded.kept, error = NULL");
        try (PreparedStatement insert = statements.prepare(sql)) {
            return insert.executeUpdate();
        }
    }

    /** Takes what was computed for a cell, if that is still wanted. */
    Filled fill(CellSql sql, Mutation.Computed computed) throws SQLException {
        boolean kept;
        PreparedStatement select =
                statements.get("SELECT kept FROM " + layout.names().cells(sql.column) + " WHERE row = ? AND stamp = ?");
        select.setLong(1, computed.rowId());
        select.setLong(2, computed.stamp());
        try (ResultSet cell = select.executeQuery()) {
            if (!cell.next()) {
                return Filled.PASSED_OVER;
            }
            kept = cell.getInt(1) != 0;
        }
        replace(sql, computed.rowId(), computed.value());
        return kept || computed.value() instanceof float[] ? Filled.VECTOR_CHANGED : Filled.NOTED;
    }
}
