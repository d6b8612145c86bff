package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves what is alive to a new generation with fresh ordinals. The bulk is copied beside running commits; what changed
 * meanwhile is caught up with under the writing lock.
 */
final class Compaction {

    private static final int CHECK_EVERY = 1_024;

    private final Generation from;
    private final Generation to;
    private LiveBits.Editor rows = new LiveBits.Editor(LiveBits.EMPTY);
    private final List<LiveBits.Editor> live = new ArrayList<>();
    private int[] oldOrdinals = new int[0];
    private int copiedUntil;

    /**
     * What was built over a column that was copied.
     *
     * @param encoded ordinals that the codes have
     * @param indexes all of the column, with what they search in
     */
    record Built(@Nullable LevelCodes codes, LiveBits encoded, List<IndexView> indexes) {}

    /**
     * @param to empty
     */
    Compaction(Generation from, Generation to) {
        this.from = from;
        this.to = to;
        from.columns().forEach(column -> live.add(new LiveBits.Editor(LiveBits.EMPTY)));
    }

    /** Copies what is alive in the view and was not there when this was called before; false if stopped. */
    boolean copy(View view, BooleanSupplier stopped) {
        for (; copiedUntil < view.size(); copiedUntil++) {
            if (copiedUntil % CHECK_EVERY == 0 && stopped.getAsBoolean()) {
                return false;
            }
            if (view.rows().get(copiedUntil)) {
                move(view, copiedUntil);
            }
        }
        return true;
    }

    private void move(View view, int old) {
        int ordinal = to.rows().add(from.rows().rowId(old));
        if (ordinal >= oldOrdinals.length) {
            oldOrdinals = Arrays.copyOf(oldOrdinals, Math.max(1_024, ordinal * 2));
        }
        oldOrdinals[ordinal] = old;
        rows.growTo(ordinal + 1);
        rows.revive(ordinal);
        for (int i = 0; i < live.size(); i++) {
            live.get(i).growTo(ordinal + 1);
            if (view.columns().get(i).live().get(old)) {
                moveVector(i, old, ordinal);
            }
        }
    }

    private void moveVector(int column, int old, int ordinal) {
        float[] vector = new float[from.columns().get(column).store().dimension()];
        from.columns().get(column).store().read(old, vector);
        to.columns().get(column).store().put(ordinal, vector);
        live.get(column).revive(ordinal);
    }

    /** The vectors of a column that have been copied so far, as a set of the new ordinals. Copying may go on. */
    LiveBits copied(int column) {
        LiveBits copied = live.get(column).finish();
        live.set(column, new LiveBits.Editor(copied));
        return copied;
    }

    /**
     * Ends the compaction. With the writing lock.
     *
     * @param now the newest view of the old generation
     * @param built by vector column; codes are extended here
     */
    View finish(View now, List<Built> built) {
        catchUp(now);
        copy(now, () -> false);
        List<ColumnView> columns = new ArrayList<>();
        for (int i = 0; i < live.size(); i++) {
            LiveBits alive = copied(i);
            LevelCodes codes = built.get(i).codes();
            if (codes != null) {
                codes.extend(to.columns().get(i).scores(), alive, built.get(i).encoded(), () -> false);
            }
            columns.add(new ColumnView(alive, codes, built.get(i).indexes()));
        }
        to.fields().copyFrom(from.fields(), oldOrdinals, to.rows().size());
        return new View(to, now.version(), rows.finish(), List.copyOf(columns));
    }

    /** What became of the rows that were copied: some are gone, some got further vectors. */
    private void catchUp(View now) {
        for (int ordinal = 0; ordinal < to.rows().size(); ordinal++) {
            int old = oldOrdinals[ordinal];
            if (!now.rows().get(old)) {
                int dead = ordinal;
                rows.kill(dead);
                live.forEach(bits -> bits.kill(dead));
                long rowId = to.rows().rowId(ordinal);
                if (to.rows().ordinal(rowId) == ordinal) {
                    to.rows().remove(rowId);
                }
                continue;
            }
            for (int i = 0; i < live.size(); i++) {
                if (now.columns().get(i).live().get(old) && !live.get(i).get(ordinal)) {
                    moveVector(i, old, ordinal);
                }
            }
        }
    }
}
