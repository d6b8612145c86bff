package com.akidb.engine.embedded.read;

import com.akidb.concurrent.Patience;
import com.akidb.engine.ColumnType;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.catalog.TableSql.CellSql;
import com.akidb.engine.embedded.file.Readers;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.index.RowSource;
import com.akidb.engine.embedded.index.filter.FilterField;
import com.akidb.engine.embedded.sql.ColumnValues;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongConsumer;

/** What a table's index reads back, under the layout that the table has at each call. */
public final class StoredRowSource implements RowSource {

    private final TableRecord table;
    private final Readers readers;

    public StoredRowSource(TableRecord table, Readers readers) {
        this.table = table;
        this.readers = readers;
    }

    @Override
    public long version() {
        return readers.read(reader -> progress(reader, "version"));
    }

    @Override
    public void forEachRow(LongConsumer rowId) {
        fill(reader -> {
            visit(reader, table.layout().sql().idsAfter, 0, rowId);
            return true;
        });
    }

    @Override
    public void forEachVector(long columnId, VectorVisitor visitor) {
        TableLayout layout = table.layout();
        int position = layout.positionOf((int) columnId);
        if (position < 0) {
            return;
        }
        float[] vector = new float[layout.column(position).dimension()];
        String sql = new CellSql(layout.names(), (int) columnId).vectors;
        fill(reader -> {
            try (ResultSet result = reader.get(sql).executeQuery()) {
                while (result.next()) {
                    ColumnValues.decode(result.getBytes(2), vector);
                    visitor.accept(result.getLong(1), vector);
                }
            }
            return true;
        });
    }

    @Override
    public void forEachValue(long columnId, ValueVisitor visitor) {
        TableLayout layout = table.layout();
        if (columnId == FilterField.VERSION) {
            forEachValue(layout, "version", ColumnType.INT, visitor);
        } else if (columnId == FilterField.CHANGED_AT) {
            forEachValue(layout, "changed_at", ColumnType.TIMESTAMP, visitor);
        } else {
            int position = layout.positionOf((int) columnId);
            if (position >= 0) {
                forEachValue(
                        layout,
                        layout.sqlName(position),
                        layout.column(position).type(),
                        visitor);
            }
        }
    }

    private void forEachValue(TableLayout layout, String column, ColumnType type, ValueVisitor visitor) {
        String sql = "SELECT id, " + column + " FROM " + layout.names().rows() + " ORDER BY id";
        fill(reader -> {
            try (ResultSet result = reader.get(sql).executeQuery()) {
                while (result.next()) {
                    visitor.accept(result.getLong(1), ColumnValues.read(result, 2, type));
                }
            }
            return true;
        });
    }

    @Override
    public boolean forEachChangeAfter(long version, LongConsumer rowId) {
        return Patience.endless(() -> readers.readAsOfOneCommit(reader -> {
            if (version < progress(reader, "changes_after")) {
                return false;
            }
            TableLayout layout = table.layout();
            long last = first(reader, layout.sql().lastRowAt, version);
            visit(reader, layout.sql().idsAfter, last, rowId);
            visit(reader, layout.sql().changedAfter, version, rowId);
            return true;
        }));
    }

    /** Indexes that are filled serve all callers, and not only the one whose search wants them first. */
    private void fill(Readers.Work<Boolean> work) {
        Patience.endless(() -> readers.read(work));
    }

    private long progress(Statements reader, String column) throws SQLException {
        return first(reader, "SELECT " + column + " FROM akidb_tables WHERE number = ?", table.number());
    }

    /** The number that a query answers, 0 if none. */
    private static long first(Statements reader, String sql, long parameter) throws SQLException {
        PreparedStatement select = reader.get(sql);
        select.setLong(1, parameter);
        try (ResultSet result = select.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    private static void visit(Statements reader, String sql, long parameter, LongConsumer visitor) throws SQLException {
        PreparedStatement select = reader.get(sql);
        select.setLong(1, parameter);
        try (ResultSet result = select.executeQuery()) {
            while (result.next()) {
                visitor.accept(result.getLong(1));
            }
        }
    }
}
