package com.akidb.engine;

import com.akidb.engine.SelectStatement.Part;
import java.util.List;

/**
 * A value computed of one row's columns. The caller vouches for the SQL: it is never text of a user's.
 *
 * @param field the request field to blame for what shows only when it runs, such as an integer that overflows
 * @param select a select of one value from one {@link Part.Rows}, which here stands for the one row alone; it may use no
 *     vectors
 */
public record RowExpression(String field, List<Part> select) {

    public RowExpression {
        select = List.copyOf(select);
    }
}
