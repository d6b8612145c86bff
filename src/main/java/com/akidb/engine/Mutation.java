package com.akidb.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One write: all of it happens, or nothing. */
public sealed interface Mutation {

    /** Rows of values by the table's columns; in one write a later row with the same key wins under REPLACE. */
    record Insert(List<List<@Nullable Object>> rows, OnConflict onConflict) implements Mutation {}

    /** Deletes the rows with these primary keys; those that are not there are passed over. */
    record Delete(List<String> keys) implements Mutation {}
}
