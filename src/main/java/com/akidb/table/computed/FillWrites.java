package com.akidb.table.computed;

import com.akidb.concurrent.Futures;
import com.akidb.engine.Mutation;
import com.akidb.engine.Mutation.Computed;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableMutation;
import com.akidb.engine.Uncomputed;
import com.akidb.engine.WriteResult;
import com.akidb.table.computed.Recomputation.Outcome;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gathers what was computed and writes it, enough at once that commits cost little, soon enough that little is lost. */
final class FillWrites {

    private static final int CELLS_A_WRITE = 128;

    /** Many cells may come at once, those of one text; each may be a mutation of its own. */
    private static final int MOST_CELLS_A_WRITE = 500;

    private final TableEngine engine;
    private final UUID table;
    private final String column;
    private final String model;
    private final ComputedMetrics metrics;
    private final Supplier<List<Recomputation>> followed;
    private List<Computed> gathered = new ArrayList<>();
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private volatile @Nullable Throwable failure;

    /** @param followed the cells of the column that somebody waits for */
    FillWrites(
            TableEngine engine,
            UUID table,
            String column,
            String model,
            ComputedMetrics metrics,
            Supplier<List<Recomputation>> followed) {
        this.engine = engine;
        this.table = table;
        this.column = column;
        this.model = model;
        this.metrics = metrics;
        this.followed = followed;
    }

    synchronized void add(List<Computed> cells) {
        gathered.addAll(cells);
        if (gathered.size() >= CELLS_A_WRITE) {
            write();
        }
    }

    /**
     * Cells that are written together, so that it is known how many of them were passed over.
     *
     * @param outcome null for those that nobody follows
     */
    private record Group(long stamp, @Nullable Outcome outcome) {

        static final Group OTHERS = new Group(0, null);
    }

    private synchronized void write() {
        if (gathered.isEmpty()) {
            return;
        }
        List<Computed> cells = gathered;
        gathered = new ArrayList<>();
        for (int from = 0; from < cells.size(); from += MOST_CELLS_A_WRITE) {
            write(cells.subList(from, Math.min(cells.size(), from + MOST_CELLS_A_WRITE)));
        }
    }

    private void write(List<Computed> cells) {
        List<Recomputation> following = followed.get();
        Map<Group, List<Computed>> groups = new LinkedHashMap<>();
        for (Computed cell : cells) {
            boolean counts = following.stream().anyMatch(each -> each.counts(cell.stamp()));
            groups.computeIfAbsent(
                            counts ? new Group(cell.stamp(), Outcome.of(cell)) : Group.OTHERS, _ -> new ArrayList<>())
                    .add(cell);
        }
        List<TableMutation> fills = groups.values().stream()
                .map(group -> new TableMutation(table, new Mutation.Fill(column, group)))
                .toList();
        CompletableFuture<?> written = Futures.call(() -> engine.write(fills)).handle((results, why) -> {
            if (why != null) {
                failure = Futures.unwrap(why);
            } else {
                count(cells);
                tell(following, groups, results);
            }
            return null;
        });
        last = CompletableFuture.allOf(last, written);
    }

    private void count(List<Computed> cells) {
        int failed = (int) cells.stream()
                .filter(cell -> cell.value() instanceof Uncomputed.Failed)
                .count();
        metrics.filled(model, cells.size() - failed, failed);
    }

    private static void tell(
            List<Recomputation> following, Map<Group, List<Computed>> groups, List<WriteResult> results) {
        Iterator<WriteResult> each = results.iterator();
        groups.forEach((group, cells) -> {
            int written = each.next().updated();
            Outcome outcome = group.outcome();
            if (outcome != null) {
                following.forEach(one -> one.count(group.stamp(), outcome, written, cells.size() - written));
            }
        });
    }

    /** Writes the rest and waits until all is durable. */
    void flush() {
        CompletableFuture<?> all;
        synchronized (this) {
            write();
            all = last;
        }
        all.join();
    }

    /** As {@link #flush}, where nobody hears of a failure. */
    void finish() {
        try {
            flush();
        } catch (CompletionException e) {
            failure = e;
        }
    }

    /** Why a write failed; null if none did. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
