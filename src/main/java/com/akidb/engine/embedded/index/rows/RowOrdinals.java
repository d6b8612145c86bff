package com.akidb.engine.embedded.index.rows;

import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Which row an ordinal stands for, and which ordinal a row has now. One thread writes; any thread may read the row of
 * an ordinal that was published to it.
 */
public final class RowOrdinals {

    private static final int SHIFT = 12;
    private static final int CHUNK = 1 << SHIFT;
    private static final long NONE = -1;

    private final Long2LongHashMap ordinals = new Long2LongHashMap(NONE);
    private long[][] rowIds = new long[0][];
    private int size;

    /** Ordinals given out. */
    public int size() {
        return size;
    }

    /** Gives a row a fresh ordinal; the one that it had no longer stands for it. */
    public int add(long rowId) {
        int ordinal = place(rowId);
        ordinals.put(rowId, ordinal);
        return ordinal;
    }

    /** Gives out an ordinal that stands for no row. */
    public void addDead() {
        place(NONE);
    }

    private int place(long rowId) {
        int ordinal = size;
        if (ordinal == Integer.MAX_VALUE) {
            throw new IllegalStateException("no ordinals are left");
        }
        if (ordinal >>> SHIFT == rowIds.length) {
            long[][] grown = Arrays.copyOf(rowIds, rowIds.length + 1);
            grown[rowIds.length] = new long[CHUNK];
            rowIds = grown;
        }
        rowIds[ordinal >>> SHIFT][ordinal & (CHUNK - 1)] = rowId;
        size++;
        return ordinal;
    }

    /** The ordinal that a row has now; -1 if none. Only for the writing thread. */
    public int ordinal(long rowId) {
        return (int) ordinals.get(rowId);
    }

    /** Takes a row's ordinal away and tells which it was; -1 if none. */
    public int remove(long rowId) {
        return (int) ordinals.remove(rowId);
    }

    public long rowId(int ordinal) {
        return rowIds[ordinal >>> SHIFT][ordinal & (CHUNK - 1)];
    }

    public long bytes() {
        return (long) rowIds.length * CHUNK * Long.BYTES + ordinals.capacity() * 2L * Long.BYTES;
    }
}
