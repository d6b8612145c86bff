package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.Generation.VectorColumn;
import com.akidb.engine.embedded.index.View.ColumnView;
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
    private final List<LiveBits.Editor> live = new ArrayList<>();
    private int[] oldOrdinals = new int[0];

    /**
     * @param to empty
     */
    Compaction(Generation from, Generation to) {
        this.from = from;
        this.to = to;
        from.columns().forEach(column -> live.add(new LiveBits.Editor(LiveBits.EMPTY)));
    }

    /** Copies what is alive in the view, from an old ordinal on. */
    void copy(View view, int firstOrdinal, BooleanSupplier stopped) {
        int size = view.size();
        for (int old = firstOrdinal; old < size; old++) {
            if (old % CHECK_EVERY == 0 && stopped.getAsBoolean()) {
                return;
            }
            if (view.isAlive(old)) {
                move(view, old);
            }
        }
    }

    private void move(View view, int old) {
        int ordinal = to.rows().add(from.rows().rowId(old));
        if (ordinal >= oldOrdinals.length) {
            oldOrdinals = Arrays.copyOf(oldOrdinals, Math.max(1_024, ordinal * 2));
        }
        oldOrdinals[ordinal] = old;
        for (int i = 0; i < live.size(); i++) {
            live.get(i).growTo(ordinal + 1);
            if (view.columns().get(i).live().get(old)) {
                VectorColumn source = from.columns().get(i);
                VectorColumn target = to.columns().get(i);
                float[] vector = new float[source.store().dimension()];
                source.store().read(old, vector);
                target.store().putStored(ordinal, vector);
                live.get(i).revive(ordinal);
            }
        }
    }

    /** What has been copied so far, as sets of the new ordinals. */
    List<LiveBits> copied() {
        List<LiveBits> sets = new ArrayList<>();
        for (LiveBits.Editor editor : live) {
            editor.growTo(to.rows().size());
            sets.add(editor.finish());
        }
        return sets;
    }

    /**
     * Ends the compaction. With the writing lock.
     *
     * @param now the newest view of the old generation
     * @param copiedUntil old ordinals below it were copied
     * @param codes of what was copied, by vector column; extended here
     */
    View finish(View now, int copiedUntil, List<@Nullable LevelCodes> codes) {
        int copied = to.rows().size();
        List<LiveBits.Editor> edited = new ArrayList<>();
        for (LiveBits bits : copied()) {
            edited.add(new LiveBits.Editor(bits));
        }
        live.clear();
        live.addAll(edited);
        for (int ordinal = 0; ordinal < copied; ordinal++) {
            if (!now.isAlive(oldOrdinals[ordinal])) {
                int dead = ordinal;
                live.forEach(bits -> bits.kill(dead));
                to.rows().remove(to.rows().rowId(ordinal));
            }
        }
        copy(now, copiedUntil, () -> false);
        List<ColumnView> columns = new ArrayList<>();
        List<LiveBits> sets = copied();
        for (int i = 0; i < sets.size(); i++) {
            LevelCodes code = codes.get(i);
            if (code != null) {
                CodeBuilder.extend(code, to.columns().get(i).store(), sets.get(i), copied, () -> false);
            }
            columns.add(new ColumnView(sets.get(i), code, null, 0));
        }
        to.fields().copyFrom(from.fields(), oldOrdinals, to.rows().size());
        return new View(to, now.version(), List.copyOf(columns));
    }
}
