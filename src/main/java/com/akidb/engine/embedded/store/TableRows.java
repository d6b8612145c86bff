package com.akidb.engine.embedded.store;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a table's rows. Calls block. */
public final class TableRows {

    private final StoredTable table;
    private final Readers readers;

    TableRows(StoredTable table, Readers readers) {
        this.table = table;
        this.readers = readers;
    }

    /** The row with that primary key. */
    public Optional<Row> byKey(String key, boolean includeVectors) {
        if (!Text.isWellFormed(key)) {
            return Optional.empty();
        }
        String sql = includeVectors ? table.sql().rowByKeyWithVectors : table.sql().rowByKey;
        return readers.read(reader -> {
            PreparedStatement select = reader.get(sql);
            select.setString(1, key);
            try (ResultSet result = select.executeQuery()) {
                return result.next() ? Optional.of(row(result, includeVectors)) : Optional.empty();
            }
        });
    }

    /** Rows after a row id, in order. */
    public RowPage after(long rowId, int limit, boolean includeVectors) {
        String sql = includeVectors ? table.sql().rowsAfterWithVectors : table.sql().rowsAfter;
        return readers.read(reader -> {
            PreparedStatement select = reader.get(sql);
            select.setLong(1, rowId);
            select.setInt(2, limit + 1);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (rows.size() < limit && result.next()) {
                    rows.add(row(result, includeVectors));
                }
                boolean more = rows.size() == limit && result.next();
                return new RowPage(rows, more ? rows.getLast().rowId() : null);
            }
        });
    }

    /** The rows with these ids as of one commit, by their places in the array; null for those that are gone. */
    public List<@Nullable Row> byIds(long[] rowIds, boolean includeVectors) {
        String sql = includeVectors ? table.sql().rowByIdWithVectors : table.sql().rowById;
        return readers.readAsOfOneCommit(reader -> {
            List<@Nullable Row> rows = new ArrayList<>(rowIds.length);
            PreparedStatement select = reader.get(sql);
            for (long rowId : rowIds) {
                select.setLong(1, rowId);
                try (ResultSet result = select.executeQuery()) {
                    rows.add(result.next() ? row(result, includeVectors) : null);
                }
            }
            return rows;
        });
    }

    private Row row(ResultSet result, boolean includeVectors) throws SQLException {
        List<Column> columns = table.definition().columns();
        @Nullable Object[] values = new Object[columns.size()];
        int index = 3;
        for (int position = 0; position < values.length; position++) {
            ColumnType type = columns.get(position).type();
            if (includeVectors || type != ColumnType.VECTOR) {
                values[position] = ColumnValues.read(result, index++, type);
            }
        }
        List<@Nullable Object> list = Arrays.<@Nullable Object>asList(values);
        return new Row(
                result.getLong(1),
                result.getLong(2),
                Instant.EPOCH,
                Collections.<@Nullable Object>unmodifiableList(list));
    }
}
