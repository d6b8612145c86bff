package com.akidb.table.computed;

import com.akidb.engine.Mutation.Computed;
import com.akidb.engine.Uncomputed;
import com.akidb.table.ComputedColumnService.Recomputed;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The cells of a column that one call recomputes, and what has become of them so far. They are known by their stamps, which
 * are numbers of commits; cells marked by another write in the same commit are counted as well.
 */
final class Recomputation {

    /** What becomes of a cell. */
    enum Outcome {
        COMPUTED,
        FAILED,
        /** Nothing to embed, or the row was changed or deleted. */
        SKIPPED;

        static Outcome of(Computed cell) {
            return switch (cell.value()) {
                case float[] _ -> COMPUTED;
                case Uncomputed.Failed _ -> FAILED;
                case null, default -> SKIPPED;
            };
        }
    }

    private final ColumnFills.Key column;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    /** By stamp; for all stamps until the call's own are known. */
    private final Map<Long, Map<Outcome, Integer>> counts = new HashMap<>();

    private Set<Long> stamps = Set.of();
    private int cells;
    private boolean begun;
    private boolean finished;

    Recomputation(ColumnFills.Key column) {
        this.column = column;
    }

    ColumnFills.Key column() {
        return column;
    }

    /** Completes when all cells are settled, or are no longer waited for. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    /**
     * The cells are pending now.
     *
     * @param stamps of the cells
     * @param cells their number
     */
    void begin(Set<Long> stamps, int cells) {
        synchronized (this) {
            this.stamps = stamps;
            this.cells = cells;
            begun = true;
            counts.keySet().retainAll(stamps);
        }
        settleIfDone();
    }

    synchronized boolean isBegun() {
        return begun;
    }

    /** Whether cells with that stamp may belong to it. */
    synchronized boolean counts(long stamp) {
        return !begun || stamps.contains(stamp);
    }

    /**
     * Cells of one stamp have been written.
     *
     * @param changed how many of them were dropped, since they had changed
     */
    void count(long stamp, Outcome outcome, int written, int changed) {
        synchronized (this) {
            if (!counts(stamp)) {
                return;
            }
            Map<Outcome, Integer> of = counts.computeIfAbsent(stamp, _ -> new EnumMap<>(Outcome.class));
            of.merge(outcome, written, Integer::sum);
            of.merge(Outcome.SKIPPED, changed, Integer::sum);
        }
        settleIfDone();
    }

    private void settleIfDone() {
        boolean done;
        synchronized (this) {
            done = begun && outcome().pending() == 0;
        }
        if (done) {
            settled.complete(null);
        }
    }

    /** A pass over all pending cells that began after this did has ended: cells not counted were changed or deleted. */
    void finish() {
        synchronized (this) {
            finished = true;
        }
        settled.complete(null);
    }

    /** Stops waiting; what is not computed yet stays pending. */
    void leave() {
        settled.complete(null);
    }

    synchronized Recomputed outcome() {
        int computed = Math.min(cells, sum(Outcome.COMPUTED));
        int failed = Math.min(cells - computed, sum(Outcome.FAILED));
        int rest = cells - computed - failed;
        int skipped = finished ? rest : Math.min(rest, sum(Outcome.SKIPPED));
        return new Recomputed(computed, failed, skipped, rest - skipped);
    }

    private int sum(Outcome outcome) {
        return counts.values().stream()
                .mapToInt(of -> of.getOrDefault(outcome, 0))
                .sum();
    }
}
