package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.index.filter.FilterFields;
import com.akidb.engine.embedded.index.rows.RowOrdinals;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory that one run of ordinals lives in. Compaction makes a new generation with fresh ordinals; the old one's
 * memory is given back when its last search is over.
 */
final class Generation {

    /** A vector column of the table: its place in rows, and its vectors. */
    record VectorColumn(int position, Column column, VectorStore store) {}

    private final Arena arena = Arena.ofShared();
    private final AtomicInteger users = new AtomicInteger(1);
    private final RowOrdinals rows = new RowOrdinals();
    private final List<VectorColumn> columns;
    private final FilterFields fields;

    Generation(TableDefinition definition, long filterBytes) {
        List<VectorColumn> found = new ArrayList<>();
        for (int i = 0; i < definition.columns().size(); i++) {
            Column column = definition.columns().get(i);
            if (column.type() == ColumnType.VECTOR && column.metric() != null) {
                found.add(new VectorColumn(i, column, new VectorStore(arena, column.dimension(), column.metric())));
            }
        }
        columns = List.copyOf(found);
        fields = new FilterFields(definition, filterBytes);
    }

    RowOrdinals rows() {
        return rows;
    }

    List<VectorColumn> columns() {
        return columns;
    }

    FilterFields fields() {
        return fields;
    }

    /** Position of a vector column among {@link #columns}. */
    int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).column().name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no vector column " + column);
    }

    /** Keeps the memory until {@link #release}; false if it is already given back. */
    boolean acquire() {
        while (true) {
            int now = users.get();
            if (now == 0) {
                return false;
            }
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Ends a use; its owner's too. The last one gives the memory back. */
    void release() {
        if (users.decrementAndGet() == 0) {
            arena.close();
        }
    }
}
