package com.akidb.engine.embedded.index.snapshot;

import com.akidb.engine.embedded.index.rows.LiveBits;
import java.util.List;

/**
 * What a snapshot of a table holds.
 *
 * @param version commit that it was taken at
 * @param rowIds the row of each ordinal; {@link #DEAD} if it has none
 * @param structures of the indexes that have one
 */
@SuppressWarnings("ArrayRecordComponent")
public record TableSnapshot(long version, long[] rowIds, List<Structure> structures) {

    /** Stands for an ordinal whose row is gone. */
    public static final long DEAD = -1;

    /**
     * What an index searches in.
     *
     * @param columnId number of the column for life
     * @param index name of the index; empty for the one that the column has by itself
     * @param shape what it was built like, in words; an index of another shape cannot use it
     * @param members ordinals that are in it
     * @param bytes as the structure writes itself
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Structure(long columnId, String index, String shape, LiveBits members, byte[] bytes) {}
}
