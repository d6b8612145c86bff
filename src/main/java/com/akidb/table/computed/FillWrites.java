package com.akidb.table.computed;

import com.akidb.concurrent.Futures;
import com.akidb.engine.Mutation;
import com.akidb.engine.Mutation.Computed;
import com.akidb.engine.TableEngine;
import com.akidb.engine.Uncomputed;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Gathers what was computed and writes it, enough at once that commits cost little, soon enough that little is lost. */
final class FillWrites {

    private static final int CELLS_A_WRITE = 128;

    private final TableEngine engine;
    private final UUID table;
    private final String column;
    private final String model;
    private final ComputedMetrics metrics;
    private List<Computed> gathered = new ArrayList<>();
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private volatile @Nullable Throwable failure;

    FillWrites(TableEngine engine, UUID table, String column, String model, ComputedMetrics metrics) {
        this.engine = engine;
        this.table = table;
        this.column = column;
        this.model = model;
        this.metrics = metrics;
    }

    synchronized void add(List<Computed> cells) {
        gathered.addAll(cells);
        if (gathered.size() >= CELLS_A_WRITE) {
            write();
        }
    }

    private synchronized void write() {
        if (gathered.isEmpty()) {
            return;
        }
        List<Computed> cells = gathered;
        gathered = new ArrayList<>();
        last = Futures.call(() -> engine.write(table, new Mutation.Fill(column, cells)))
                .handle((written, why) -> {
                    if (why != null) {
                        failure = Futures.unwrap(why);
                    } else {
                        int failed = (int) cells.stream()
                                .filter(cell -> cell.value() instanceof Uncomputed.Failed)
                                .count();
                        metrics.filled(model, cells.size() - failed, failed);
                    }
                    return null;
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
