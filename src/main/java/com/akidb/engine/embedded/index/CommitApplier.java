package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes the view of the next commit out of the last one's. With the writing lock; used once. */
final class CommitApplier {

    /** Ordinals after which the memory of filter columns is looked at. */
    private static final int TRIM_EVERY = 4_096;

    private final View before;
    private final long version;
    private final Instant time;
    private final int sizeBefore;
    private final Generation generation;
    private final List<VectorColumn> columns;
    private final LiveBits.Editor rows;
    private final List<LiveBits.Editor> live = new ArrayList<>();

    /**
     * @param version sequence number of the commit
     * @param time of the commit
     */
    CommitApplier(View before, long version, Instant time) {
        this.before = before;
        this.version = version;
        this.time = time;
        this.generation = before.generation();
        this.columns = generation.columns();
        this.sizeBefore = generation.rows().size();
        this.rows = new LiveBits.Editor(before.rows());
        before.columns().forEach(column -> live.add(new LiveBits.Editor(column.live())));
    }

    /** Takes in the rows as the commit left them. Room is made first, so that this cannot fail half way. */
    View apply(List<RowChange> changes) {
        if (!columns.isEmpty()) {
            changes.forEach(this::reserve);
            reserve(Math.addExact(sizeBefore, changes.size()), changes);
            changes.forEach(this::apply);
        }
        return finish();
    }

    private void reserve(int ordinals, List<RowChange> changes) {
        for (int i = 0; i < columns.size(); i++) {
            int position = columns.get(i).position();
            if (changes.stream().anyMatch(change -> mayHaveVector(change, position))) {
                columns.get(i).store().reserve(sizeBefore, ordinals);
            }
            LevelCodes codes = before.columns().get(i).codes();
            if (codes != null) {
                codes.reserve(ordinals);
            }
        }
        generation.fields().reserve(ordinals);
    }

    private static boolean mayHaveVector(RowChange change, int position) {
        List<@Nullable Object> row = change.values();
        return row != null && (row.get(position) instanceof float[] || row.get(position) == RowChange.SAME);
    }

    /** Room for a vector that comes to an ordinal which is there. */
    private void reserve(RowChange change) {
        int ordinal = generation.rows().ordinal(change.rowId());
        List<@Nullable Object> row = change.values();
        if (row != null && ordinal >= 0) {
            for (VectorColumn column : columns) {
                if (row.get(column.position()) instanceof float[]) {
                    column.store().reserve(ordinal, ordinal + 1);
                }
            }
        }
    }

    private void apply(RowChange change) {
        int old = generation.rows().ordinal(change.rowId());
        List<@Nullable Object> row = change.values();
        if (row == null) {
            generation.rows().remove(change.rowId());
        } else if (old >= 0 && onlyFills(row, old)) {
            put(row, old);
            return;
        } else {
            add(change.rowId(), row, old);
        }
        if (old >= 0) {
            rows.kill(old);
            live.forEach(bits -> bits.kill(old));
        }
    }

    /**
     * Whether nothing changes but that cells without a vector get one: then the ordinal stays true, unless filters look at
     * when rows were written.
     */
    private boolean onlyFills(List<@Nullable Object> row, int ordinal) {
        if (generation.fields().haveCommits()) {
            return false;
        }
        for (int i = 0; i < row.size(); i++) {
            int vector = i;
            if (row.get(i) != RowChange.SAME
                    && IntStream.range(0, columns.size())
                            .noneMatch(at -> columns.get(at).position() == vector
                                    && !live.get(at).get(ordinal))) {
                return false;
            }
        }
        return true;
    }

    private void add(long rowId, List<@Nullable Object> row, int old) {
        int ordinal = generation.rows().add(rowId);
        rows.growTo(ordinal + 1);
        rows.revive(ordinal);
        live.forEach(bits -> bits.growTo(ordinal + 1));
        put(row, ordinal);
        for (int i = 0; i < columns.size(); i++) {
            boolean same = row.get(columns.get(i).position()) == RowChange.SAME;
            if (same && old >= 0 && live.get(i).get(old)) {
                float[] vector = new float[columns.get(i).store().dimension()];
                columns.get(i).store().read(old, vector);
                put(i, ordinal, vector);
            }
        }
        generation.fields().append(ordinal, old, row, RowChange.SAME, version, time);
    }

    private void put(List<@Nullable Object> row, int ordinal) {
        for (int i = 0; i < columns.size(); i++) {
            if (row.get(columns.get(i).position()) instanceof float[] vector) {
                put(i, ordinal, vector);
            }
        }
    }

    private void put(int at, int ordinal, float[] vector) {
        columns.get(at).store().put(ordinal, vector);
        LevelCodes codes = before.columns().get(at).codes();
        if (codes != null) {
            codes.put(ordinal, columns.get(at).scores().normal(vector.clone()));
        }
        live.get(at).revive(ordinal);
    }

    private View finish() {
        int size = generation.rows().size();
        if (size / TRIM_EVERY != sizeBefore / TRIM_EVERY) {
            generation.fields().trim(Set.of());
        }
        rows.growTo(size);
        List<ColumnView> views = new ArrayList<>();
        for (int i = 0; i < live.size(); i++) {
            live.get(i).growTo(size);
            views.add(before.columns().get(i).withLive(live.get(i).finish()));
        }
        return new View(generation, version, rows.finish(), List.copyOf(views));
    }
}
