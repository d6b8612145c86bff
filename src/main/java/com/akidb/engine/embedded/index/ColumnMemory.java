package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.vectors.VectorStore;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;

/** The vectors of a column. Generations that have the column share it; the last one gives the memory back. */
final class ColumnMemory {

    private final long columnId;
    private final Arena arena = Arena.ofShared();
    private final VectorStore store;
    private final AtomicInteger holders = new AtomicInteger(1);

    ColumnMemory(long columnId, int dimension) {
        this.columnId = columnId;
        this.store = new VectorStore(arena, dimension);
    }

    /** The column's number for life. */
    long columnId() {
        return columnId;
    }

    VectorStore store() {
        return store;
    }

    /** Another generation holds it too; for somebody who holds it himself. */
    ColumnMemory retain() {
        holders.incrementAndGet();
        return this;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            arena.close();
        }
    }
}
