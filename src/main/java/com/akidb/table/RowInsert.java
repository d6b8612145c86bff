package com.akidb.table;

import com.akidb.engine.OnConflict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows to insert.
 *
 * @param rows values by the columns of the schema's definition, hidden ones included; {@link #ABSENT} where the caller
 *     gave nothing, which takes the default. Belongs to the insert from here on
 * @param embed when it is answered
 */
public record RowInsert(TableSchema schema, List<@Nullable Object[]> rows, OnConflict onConflict, EmbedMode embed) {

    /** Most rows of one insert. */
    public static final int MAX_ROWS = 10_000;

    /** Stands for a value that was not given. */
    public static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "absent";
        }
    };
}
