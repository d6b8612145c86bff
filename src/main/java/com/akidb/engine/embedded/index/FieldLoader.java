package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.filter.FilterField;
import com.akidb.engine.embedded.index.filter.FilterFields;
import com.akidb.engine.embedded.index.rows.RowOrdinals;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.agrona.collections.Long2LongHashMap;

/**
 * Reads the values of fields from the store when a filter names them for the first time. The field follows commits
 * before the store is read; rows that change between the two are dead in every view that the field serves.
 */
final class FieldLoader {

    private final RowSource source;
    private final Lock writing;
    private final ReentrantLock loading = new ReentrantLock();

    /**
     * @param writing the table's writing lock
     */
    FieldLoader(RowSource source, Lock writing) {
        this.source = source;
        this.writing = writing;
    }

    /**
     * Loads what the predicate needs and misses.
     *
     * @param view gives the newest view
     * @return the first commit that all fields serve
     */
    long load(Predicate predicate, Supplier<View> view) {
        loading.lock();
        try {
            long version = 0;
            View now = view.get();
            for (FieldPath path : now.generation().fields().missing(predicate, now.version())) {
                version = Math.max(version, load(path, view));
            }
            writing.lock();
            try {
                now.generation().fields().trim(FilterFields.of(predicate));
            } finally {
                writing.unlock();
            }
            return version;
        } finally {
            loading.unlock();
        }
    }

    private long load(FieldPath path, Supplier<View> view) {
        Generation generation;
        FilterField field;
        int ordinals;
        writing.lock();
        try {
            generation = view.get().generation();
            FilterField known = generation.fields().find(path);
            if (known != null && known.readyFrom() != Long.MAX_VALUE) {
                return known.readyFrom();
            }
            ordinals = generation.rows().size();
            field = generation.fields().register(path, ordinals);
        } finally {
            writing.unlock();
        }
        boolean done = false;
        try {
            fill(field, generation.rows(), ordinals);
            long version = source.version();
            writing.lock();
            try {
                field.ready(version);
            } finally {
                writing.unlock();
            }
            done = true;
            return version;
        } finally {
            if (!done) {
                writing.lock();
                try {
                    generation.fields().forget(field);
                } finally {
                    writing.unlock();
                }
            }
        }
    }

    private void fill(FilterField field, RowOrdinals rows, int ordinals) {
        Long2LongHashMap byRow = new Long2LongHashMap(-1);
        for (int ordinal = 0; ordinal < ordinals; ordinal++) {
            byRow.put(rows.rowId(ordinal), ordinal);
        }
        source.forEachValue(field.columnId(), (rowId, value) -> {
            int ordinal = (int) byRow.get(rowId);
            if (ordinal >= 0) {
                field.fill(ordinal, value);
            }
        });
    }
}
