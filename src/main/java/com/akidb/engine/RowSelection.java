package com.akidb.engine;

import com.akidb.query.Predicate;
import java.util.List;

/** Rows that a write is about. */
public sealed interface RowSelection {

    /** The rows with these primary keys, as text; those that are not there are passed over. */
    record Keys(List<String> keys) implements RowSelection {
        public Keys {
            keys = List.copyOf(keys);
        }
    }

    /** The row with this primary key, as text, if that commit wrote it last. */
    record AsOf(String key, long version) implements RowSelection {}

    /** The rows that satisfy a condition when the write is applied. */
    record Where(Predicate condition) implements RowSelection {}

    /** All rows. */
    record All() implements RowSelection {}

    static RowSelection keys(String... keys) {
        return new Keys(List.of(keys));
    }
}
