package com.akidb.engine.embedded.store;

import com.akidb.engine.ColumnType;
import com.akidb.engine.Row;
import com.akidb.engine.embedded.sql.ColumnValues;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows as {@link TableSql} selects them: id, version, time of change, then the columns in order. */
final class RowReader {

    private static final int FIRST_COLUMN = 4;

    private RowReader() {}

    static Row row(ResultSet result, TableLayout layout, boolean includeVectors) throws SQLException {
        return new Row(
                result.getLong(1),
                result.getLong(2),
                ColumnValues.instant(result.getLong(3)),
                values(result, layout, includeVectors));
    }

    static List<@Nullable Object> values(ResultSet result, TableLayout layout, boolean includeVectors)
            throws SQLException {
        @Nullable Object[] values = new Object[layout.numbers().size()];
        int index = FIRST_COLUMN;
        for (int position = 0; position < values.length; position++) {
            ColumnType type = layout.column(position).type();
            if (includeVectors || type != ColumnType.VECTOR) {
                values[position] = ColumnValues.read(result, index++, type);
            }
        }
        List<@Nullable Object> list = Arrays.<@Nullable Object>asList(values);
        return Collections.<@Nullable Object>unmodifiableList(list);
    }
}
