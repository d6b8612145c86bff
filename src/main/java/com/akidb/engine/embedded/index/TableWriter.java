package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.Generation.VectorColumn;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the view of the next commit out of the last one's. With the writing lock; used once. */
final class TableWriter {

    /** Ordinals after which the memory of filter columns is looked at. */
    private static final int TRIM_EVERY = 4_096;

    private final View before;
    private final int sizeBefore;
    private final Generation generation;
    private final List<LiveBits.Editor> live = new ArrayList<>();

    TableWriter(View before) {
        this.before = before;
        this.generation = before.generation();
        this.sizeBefore = generation.rows().size();
        before.columns().forEach(column -> live.add(new LiveBits.Editor(column.live())));
    }

    /** Makes room for that many further rows, so that taking them in cannot fail half way. */
    void reserve(int rows) {
        int ordinals = Math.addExact(generation.rows().size(), rows);
        for (int i = 0; i < live.size(); i++) {
            generation.columns().get(i).store().reserve(ordinals);
            LevelCodes codes = before.columns().get(i).codes();
            if (codes != null) {
                codes.reserve(ordinals);
            }
        }
        generation.fields().reserve(ordinals);
    }

    /** Takes in a row as the commit left it. */
    void apply(RowChange change) {
        int old = generation.rows().remove(change.rowId());
        if (old >= 0) {
            live.forEach(bits -> bits.kill(old));
        }
        List<@Nullable Object> row = change.values();
        if (row != null && hasVector(row)) {
            int ordinal = generation.rows().add(change.rowId());
            for (int i = 0; i < live.size(); i++) {
                live.get(i).growTo(ordinal + 1);
                if (row.get(generation.columns().get(i).position()) instanceof float[] vector) {
                    put(i, ordinal, vector);
                }
            }
            generation.fields().append(ordinal, row);
        }
    }

    private void put(int at, int ordinal, float[] vector) {
        VectorStore store = generation.columns().get(at).store();
        store.put(ordinal, vector);
        LevelCodes codes = before.columns().get(at).codes();
        if (codes != null) {
            codes.put(ordinal, store.stored(vector));
        }
        live.get(at).revive(ordinal);
    }

    private boolean hasVector(List<@Nullable Object> row) {
        for (VectorColumn column : generation.columns()) {
            if (row.get(column.position()) != null) {
                return true;
            }
        }
        return false;
    }

    View finish(long version) {
        if (generation.rows().size() / TRIM_EVERY != sizeBefore / TRIM_EVERY) {
            generation.fields().trim(Set.of());
        }
        List<ColumnView> columns = new ArrayList<>();
        for (int i = 0; i < live.size(); i++) {
            columns.add(before.columns().get(i).withLive(live.get(i).finish()));
        }
        return new View(generation, version, List.copyOf(columns));
    }
}
