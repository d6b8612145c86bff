package com.akidb.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of an index: of one that was asked for, or of the one that each VECTOR column has by itself.
 *
 * @param definition null for the one that a VECTOR column has by itself
 * @param column the VECTOR column, or the first column
 * @param state {@code exact} (small enough to need no graph), {@code building}, {@code ready} or {@code failed}
 * @param percent of it that is built, 0 to 100
 * @param rows in it
 * @param memoryBytes memory that it holds, off-heap included
 * @param recall share of the true nearest rows that its searches found lately, 0 to 1; null if not measured
 * @param recalls how {@code recall} was before, a minute or more apart, oldest first
 * @param error why it failed; null in other states
 */
public record IndexStatus(
        @Nullable IndexDefinition definition,
        String column,
        String state,
        int percent,
        long rows,
        long memoryBytes,
        @Nullable Double recall,
        List<Recall> recalls,
        @Nullable String error) {

    /**
     * What searches found at one time.
     *
     * @param share of the true nearest rows, 0 to 1
     */
    public record Recall(Instant at, double share) {}
}
