package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.embedded.index.filter.FilterFields;
import com.akidb.engine.embedded.index.rows.RowOrdinals;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/**
 * The memory that one run of ordinals under one layout lives in. Compaction makes a new generation with fresh ordinals, a
 * changed layout, one that shares what stays the same; the rest of an old one's memory is given back when its last
 * search is over.
 */
final class Generation {

    private final IndexLayout layout;
    private final RowOrdinals rows;
    private final List<VectorColumn> columns;
    private final FilterFields fields;
    private final AtomicInteger users = new AtomicInteger(1);

    private Generation(
            IndexLayout layout, RowOrdinals rows, LongFunction<VectorColumn.Memory> memories, FilterFields fields) {
        this.layout = layout;
        this.rows = rows;
        this.fields = fields;
        List<VectorColumn> found = new ArrayList<>();
        for (int i = 0; i < layout.columnIds().size(); i++) {
            Column column = layout.definition().columns().get(i);
            if (column.type() == ColumnType.VECTOR && column.metric() != null) {
                found.add(new VectorColumn(
                        i, column, memories.apply(layout.columnIds().get(i))));
            }
        }
        this.columns = List.copyOf(found);
    }

    /** One without rows. */
    static Generation empty(IndexLayout layout, long filterBytes) {
        return new Generation(
                layout,
                new RowOrdinals(),
                id -> newMemory(layout, id),
                new FilterFields(layout.definition(), layout.columnIds(), filterBytes));
    }

    /**
     * One with the same ordinals under another layout. Without vector columns nothing was followed, so then all begins
     * anew. With the writing lock; the caller holds this one.
     */
    Generation under(IndexLayout other) {
        if (columns.isEmpty()) {
            return empty(other, fields.boundBytes());
        }
        return new Generation(
                other,
                rows,
                id -> columns.stream()
                        .map(VectorColumn::memory)
                        .filter(memory -> memory.columnId() == id)
                        .findFirst()
                        .map(VectorColumn.Memory::retain)
                        .orElseGet(() -> newMemory(other, id)),
                fields.under(other.definition(), other.columnIds()));
    }

    private static VectorColumn.Memory newMemory(IndexLayout layout, long id) {
        int position = layout.columnIds().indexOf(id);
        return new VectorColumn.Memory(
                id, layout.definition().columns().get(position).dimension());
    }

    IndexLayout layout() {
        return layout;
    }

    RowOrdinals rows() {
        return rows;
    }

    /** Vector columns in the order of the layout. */
    List<VectorColumn> columns() {
        return columns;
    }

    FilterFields fields() {
        return fields;
    }

    /**
     * Position of a vector column among {@link #columns}.
     *
     * @throws InvalidInputException if there is none of that name
     */
    int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).column().name().equals(column)) {
                return i;
            }
        }
        throw new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT, "There is no vector column '" + column + "' to search", "column");
    }

    /** Position of the column that has this memory among {@link #columns}; -1 if none has. */
    int indexOf(VectorColumn.Memory memory) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).memory() == memory) {
                return i;
            }
        }
        return -1;
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
            columns.forEach(column -> column.memory().release());
        }
    }
}
