package com.akidb.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of cells whose vectors could not be computed.
 *
 * @param next the cursor of the next page; null at the end
 */
public record FailedCells(List<FailedCell> cells, @Nullable Long next) {

    /** @param key primary key of the row, as text */
    public record FailedCell(String key, String error) {}
}
