package com.akidb.engine;

import org.jspecify.annotations.Nullable;

/**
 * A cell of a VECTOR column that has no vector, or waits for another one.
 *
 * @param rowId of its row
 * @param key primary key of its row, as text
 * @param stamp the commit that put the cell into this state; a vector that was computed for it is only taken while the
 *     cell still has this stamp
 * @param source value of the column that the caller asked for beside it
 * @param error why it failed; null in other states
 */
public record Cell(
        long rowId,
        String key,
        CellState state,
        long stamp,
        @Nullable Object source,
        @Nullable String error) {}
