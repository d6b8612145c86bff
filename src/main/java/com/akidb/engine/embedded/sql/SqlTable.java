package com.akidb.engine.embedded.sql;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import java.util.List;
import java.util.StringJoiner;

/** What a table and its columns are called in SQLite, as of one version of its definition. All names are the store's own. */
public interface SqlTable {

    /**
     * Position of the column of that name.
     *
     * @param field of the request to blame
     * @throws com.akidb.error.InvalidInputException if there is none
     */
    int position(String column, String field);

    Column column(int position);

    /** The scalar column at a position, in the table of rows. */
    String sqlName(int position);

    /** The table of rows, whose key is {@code id}. */
    String rowsName();

    /** The table of the vectors of the column at a position: {@code row} and {@code vector}. */
    String vectorsName(int position);

    /**
     * Rows as a subquery whose columns are {@code k0, k1, ...}.
     *
     * @param alias of the table of rows in the subquery
     * @param field of the request to blame
     * @throws com.akidb.error.InvalidInputException if there is no such column
     */
    default String rows(List<String> columns, String alias, String field) {
        String from = " FROM " + rowsName() + " AS " + alias + ")";
        StringJoiner select = new StringJoiner(", ", "(SELECT ", from).setEmptyValue("(SELECT 1" + from);
        for (int i = 0; i < columns.size(); i++) {
            int position = position(columns.get(i), field);
            String value = column(position).type() == ColumnType.VECTOR
                    ? "(SELECT v.vector FROM " + vectorsName(position) + " AS v WHERE v.row = " + alias + ".id)"
                    : alias + "." + sqlName(position);
            select.add(value + " AS k" + i);
        }
        return select.toString();
    }
}
