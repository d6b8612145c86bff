package com.akidb.engine.embedded.index.snapshot;

import java.util.List;

/**
 * What a snapshot of a table holds.
 *
 * @param version commit that it was taken at
 * @param rowIds the row of each ordinal; {@link #DEAD} if it has none
 * @param graphs of the vector columns that have one
 */
@SuppressWarnings("ArrayRecordComponent")
public record TableSnapshot(long version, long[] rowIds, List<Graph> graphs) {

    /** Stands for an ordinal whose row is gone. */
    public static final long DEAD = -1;

    /**
     * The graph of a column.
     *
     * @param shape the column's dimension, metric and degree in words; another shape cannot use it
     * @param covered ordinals below it are in the graph
     * @param bytes as JVector writes it
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Graph(String column, String shape, int covered, byte[] bytes) {}
}
