package com.akidb.engine.embedded.store;

import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.embedded.sql.ColumnValues;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a table's rows. Calls block. */
public final class TableRows {

    private final TableReads reads;

    TableRows(StoredTable table, Readers readers) {
        this.reads = new TableReads(table, readers);
    }

    /** The row with that primary key. */
    public Optional<Row> byKey(String key, boolean includeVectors) {
        return reads.read((reader, layout) -> {
            Object value = KeyTexts.parse(key, layout.keyType());
            if (value == null) {
                return Optional.<Row>empty();
            }
            TableSql sql = layout.sql();
            PreparedStatement select = reader.get(includeVectors ? sql.rowByKeyWithVectors : sql.rowByKey);
            ColumnValues.bind(select, 1, layout.keyType(), value);
            try (ResultSet result = select.executeQuery()) {
                return result.next() ? Optional.of(RowReader.row(result, layout, includeVectors)) : Optional.empty();
            }
        });
    }

    /** Rows after a row id, in order. */
    public RowPage after(long rowId, int limit, boolean includeVectors) {
        return reads.read((reader, layout) -> {
            TableSql sql = layout.sql();
            PreparedStatement select = reader.get(includeVectors ? sql.rowsAfterWithVectors : sql.rowsAfter);
            select.setLong(1, rowId);
            select.setInt(2, limit + 1);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (rows.size() < limit && result.next()) {
                    rows.add(RowReader.row(result, layout, includeVectors));
                }
                boolean more = rows.size() == limit && result.next();
                return new RowPage(rows, more ? rows.getLast().rowId() : null);
            }
        });
    }

    /** The rows with these ids as of one commit, by their places in the array; null for those that are gone. */
    public List<@Nullable Row> byIds(long[] rowIds, boolean includeVectors) {
        return reads.readAsOfOneCommit((reader, layout) -> {
            List<@Nullable Row> rows = new ArrayList<>(rowIds.length);
            TableSql sql = layout.sql();
            PreparedStatement select = reader.get(includeVectors ? sql.rowByIdWithVectors : sql.rowById);
            for (long rowId : rowIds) {
                select.setLong(1, rowId);
                try (ResultSet result = select.executeQuery()) {
                    rows.add(result.next() ? RowReader.row(result, layout, includeVectors) : null);
                }
            }
            return rows;
        });
    }
}
