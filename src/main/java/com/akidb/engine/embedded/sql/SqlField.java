package com.akidb.engine.embedded.sql;

import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.FieldPath;
import com.akidb.text.Unicode;

/**
 * A field as an expression of SQL.
 *
 * @param type of its column
 * @param isJson whether the value is one inside JSON and so of any kind
 * @param sql the expression; may be used more than once
 */
public record SqlField(ColumnType type, boolean isJson, SqlText sql) {

    /**
     * The expression of a field.
     *
     * @param function that reads JSON
     * @param blame field of the request to blame
     * @throws InvalidInputException if the table has no such column, or nothing can be compared there
     */
    public static SqlField of(SqlTable table, FieldPath path, String function, String blame) {
        if (path.equals(FieldPath.VERSION)) {
            return new SqlField(ColumnType.INT, false, new SqlText().add("version"));
        }
        if (path.equals(FieldPath.CHANGED_AT)) {
            return new SqlField(ColumnType.TIMESTAMP, false, new SqlText().add("changed_at"));
        }
        int position = table.position(path.column(), blame);
        ColumnType type = table.column(position).type();
        boolean deep = !path.path().isEmpty();
        if (type == ColumnType.VECTOR || (deep && type != ColumnType.JSON)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "'" + path + "' has no value that could be compared", blame);
        }
        SqlText sql = new SqlText();
        if (type != ColumnType.JSON) {
            return new SqlField(type, false, sql.add(table.sqlName(position)));
        }
        sql.add(function).add("(").add(table.sqlName(position));
        for (String key : path.path()) {
            if (!Unicode.isWellFormed(key)) {
                throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "A name has an unpaired surrogate", blame);
            }
            sql.add(", ").value(key);
        }
        return new SqlField(type, true, sql.add(")"));
    }
}
