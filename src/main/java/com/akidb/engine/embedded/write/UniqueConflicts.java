package com.akidb.engine.embedded.store;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out which value of a write was not unique, once SQLite has said that one is not. */
final class UniqueConflicts {

    private static final int SHOWN = 64;

    private final Statements statements;
    private final TableLayout layout;

    UniqueConflicts(Statements statements, TableLayout layout) {
        this.statements = statements;
        this.layout = layout;
    }

    AkidbException ofInsert(List<@Nullable Object> values, int index) throws SQLException {
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

    AkidbException ofUpdate(Map<String, @Nullable Object> values, long row) throws SQLException {
        for (int position : layout.scalars()) {
            String name = layout.column(position).name();
            if (isTaken(position, values.get(name), row)) {
                return conflict(position, values.get(name), "values." + name);
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
