package com.akidb.engine.embedded.store;

import com.akidb.engine.ColumnType;
import com.akidb.engine.embedded.index.RowSource;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What a table's index reads back, under the layout that the table had when it was made. */
final class StoredRowSource implements RowSource {

    private final TableLayout layout;
    private final Readers readers;

    StoredRowSource(StoredTable table, Readers readers) {
        this.layout = table.layout();
        this.readers = readers;
    }

    @Override
    public long version() {
        return readers.read(reader -> progress(reader, "version"));
    }

    @Override
    public void forEachVector(int column, VectorVisitor visitor) {
        float[] vector = new float[layout.column(column).dimension()];
        String sql = new CellSql(layout.names(), layout.number(column)).vectors;
        readers.read(reader -> {
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
    public void forEachValue(int column, ValueVisitor visitor) {
        ColumnType type = layout.column(column).type();
        String sql = "SELECT id, " + layout.sqlName(column) + " FROM "
                + layout.names().rows() + " ORDER BY id";
        readers.read(reader -> {
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
        return readers.readAsOfOneCommit(reader -> {
            if (version < progress(reader, "changes_after")) {
                return false;
            }
            long last = first(reader, layout.sql().lastRowAt, version);
            visit(reader, layout.sql().idsAfter, last, rowId);
            visit(reader, layout.sql().changedAfter, version, rowId);
            return true;
        });
    }

    @Override
    public List<@Nullable List<@Nullable Object>> rows(long[] rowIds) {
        return readers.readAsOfOneCommit(reader -> {
            List<@Nullable List<@Nullable Object>> values = new ArrayList<>(rowIds.length);
            PreparedStatement select = reader.get(layout.sql().rowByIdWithVectors);
            for (long rowId : rowIds) {
                select.setLong(1, rowId);
                try (ResultSet result = select.executeQuery()) {
                    values.add(result.next() ? RowReader.values(result, layout, true) : null);
                }
            }
            return values;
        });
    }

    private long progress(Statements reader, String column) throws SQLException {
        return first(
                reader,
                "SELECT " + column + " FROM akidb_tables WHERE number = ?",
                layout.names().number());
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
