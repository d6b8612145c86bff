package com.akidb.table.computed;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingRequest.Urgency;
import com.akidb.engine.Cell;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.Column;
import com.akidb.engine.Mutation;
import com.akidb.engine.Mutation.Computed;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableMutation;
import com.akidb.engine.Uncomputed;
import com.akidb.engine.WriteResult;
import com.akidb.table.ColumnFacts;
import com.akidb.table.computed.Recomputation.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fills the pending cells of one column until none is left. Texts are embedded by length, since a batch of similar lengths is
 * cheapest, with several calls under way so that the model never idles. A vector is written with the stamp that its cell had
 * when its text was read, so that the vector of a text that has changed since is dropped.
 */
final class ColumnFill {

    private static final int FIRST_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    private static final int PAGE_CHARACTERS = 4_000_000;
    private static final int TEXTS_A_CALL = 32;
    private static final int CALLS_AT_ONCE = 16;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final TableEngine engine;
    private final CellEmbedder embedder;
    private final UUID table;
    private final Column column;
    private final ColumnFacts.Computed computed;
    private final ColumnFills.Meters meters;
    private final Writes writes = new Writes();
    private final Supplier<List<Recomputation>> followed;
    private final Semaphore calls = new Semaphore(CALLS_AT_ONCE);
    private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Throwable failure;
    private volatile boolean stopped;

    /** @param followed gives the column's recomputations that somebody follows */
    ColumnFill(
            TableEngine engine,
            CellEmbedder embedder,
            UUID table,
            Column column,
            ColumnFacts.Computed computed,
            ColumnFills.Meters meters,
            Supplier<List<Recomputation>> followed) {
        this.engine = engine;
        this.embedder = embedder;
        this.table = table;
        this.column = column;
        this.computed = computed;
        this.meters = meters;
        this.followed = followed;
    }

    /** The cells with one text, which all get its vector. */
    private record SameText(String text, List<Cell> cells) {}

    /**
     * Fills. Returns when no cell is pending, when it is stopped or paused, or when the column is gone.
     *
     * @throws RuntimeException if it cannot go on now
     */
    void run() throws InterruptedException {
        try {
            while (mayGoOn() && pass()) {
                // Cells that became pending meanwhile take another pass.
            }
        } finally {
            if (!mayGoOn()) {
                running.forEach(call -> call.cancel(true));
            }
            calls.acquire(CALLS_AT_ONCE);
            writes.finish();
        }
        Throwable reason = failure == null ? writes.failure() : failure;
        if (reason != null && !stopped && !(reason instanceof CancellationException)) {
            throw reason instanceof RuntimeException known ? known : new IllegalStateException(reason);
        }
    }

    /** Stops soon. What is not filled stays pending. */
    void stop() {
        stopped = true;
        running.forEach(call -> call.cancel(true));
    }

    /** Goes through all pending cells; returns whether there were any. */
    private boolean pass() throws InterruptedException {
        List<Recomputation> begun =
                followed.get().stream().filter(Recomputation::isBegun).toList();
        boolean any = false;
        long after = 0;
        int limit = FIRST_PAGE;
        boolean more = true;
        while (more && mayGoOn()) {
            List<Cell> page = engine.reader(table)
                    .cells(new CellQuery(column.name(), CellState.PENDING, computed.source(), after, limit));
            more = page.size() == limit;
            if (!page.isEmpty()) {
                any = true;
                after = page.getLast().rowId();
                submit(page);
                limit = fitting(page);
            }
        }
        calls.acquire(CALLS_AT_ONCE);
        calls.release(CALLS_AT_ONCE);
        writes.flush();
        if (!more && mayGoOn()) {
            begun.forEach(Recomputation::finish);
        }
        return any;
    }

    /** The size of the next page, for texts about as long as those of this one. */
    private static int fitting(List<Cell> page) {
        long characters = page.stream()
                .mapToLong(cell -> cell.source() instanceof String text ? text.length() : 0)
                .sum();
        return (int) Math.clamp(PAGE_CHARACTERS * (long) page.size() / Math.max(1, characters), 1, LARGEST_PAGE);
    }

    private void submit(List<Cell> page) throws InterruptedException {
        Map<String, List<Cell>> byText = new LinkedHashMap<>();
        for (Cell cell : page) {
            if (EmbeddedCells.isBlank(cell.source())) {
                writes.add(List.of(new Computed(cell.rowId(), cell.stamp(), null)));
            } else {
                byText.computeIfAbsent((String) cell.source(), text -> new ArrayList<>(1))
                        .add(cell);
            }
        }
        List<SameText> texts = byText.entrySet().stream()
                .map(entry -> new SameText(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(same -> same.text().length()))
                .toList();
        for (int from = 0; from < texts.size(); from += TEXTS_A_CALL) {
            calls.acquire();
            if (!mayGoOn()) {
                calls.release();
                return;
            }
            call(texts.subList(from, Math.min(texts.size(), from + TEXTS_A_CALL)));
        }
    }

    private void call(List<SameText> texts) {
        CompletableFuture<List<Object>> call = embedder.embed(
                column,
                computed,
                texts.stream().map(SameText::text).toList(),
                Urgency.BACKGROUND,
                TIMEOUT,
                Account.SERVER);
        running.add(call);
        call.whenComplete((made, why) -> {
            running.remove(call);
            if (why == null) {
                writes.add(cells(texts, made));
            } else {
                failure = Futures.unwrap(why);
            }
            calls.release();
        });
        if (stopped) {
            call.cancel(true);
        }
    }

    private static List<Computed> cells(List<SameText> texts, List<Object> made) {
        List<Computed> cells = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            for (Cell cell : texts.get(i).cells()) {
                cells.add(new Computed(cell.rowId(), cell.stamp(), made.get(i)));
            }
        }
        return cells;
    }

    private boolean mayGoOn() {
        if (stopped || failure != null || writes.failure() != null) {
            return false;
        }
        Table now = engine.find(table).orElse(null);
        return now != null
                && now.definition().columns().stream()
                        .anyMatch(each ->
                                each.name().equals(column.name()) && isSame(each) && !ColumnFacts.isPaused(each));
    }

    private boolean isSame(Column other) {
        ColumnFacts.Computed facts = ColumnFacts.computed(other);
        return other.dimension() == column.dimension()
                && facts != null
                && facts.model().equals(computed.model())
                && facts.source().equals(computed.source());
    }

    /** Writes computed cells in batches: large enough that commits are cheap, small enough that little is lost. */
    private final class Writes {

        private static final int CELLS_A_WRITE = 128;

        /** Many cells may share one text and come at once; each may need a mutation of its own. */
        private static final int MOST_CELLS_A_WRITE = 500;

        private List<Computed> gathered = new ArrayList<>();
        private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        private volatile @Nullable Throwable failed;

        synchronized void add(List<Computed> cells) {
            gathered.addAll(cells);
            if (gathered.size() >= CELLS_A_WRITE) {
                write();
            }
        }

        /**
         * Cells written by one mutation, so that it is known how many of them were dropped.
         *
         * @param outcome null for cells that nobody follows
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
                                counts ? new Group(cell.stamp(), Outcome.of(cell)) : Group.OTHERS,
                                _ -> new ArrayList<>())
                        .add(cell);
            }
            List<TableMutation> fills = groups.values().stream()
                    .map(group -> new TableMutation(table, new Mutation.Fill(column.name(), group)))
                    .toList();
            CompletableFuture<?> written = Futures.call(() -> engine.write(fills))
                    .handle((results, why) -> {
                        if (why != null) {
                            failed = Futures.unwrap(why);
                        } else {
                            count(cells);
                            tell(following, groups, results);
                        }
                        return null;
                    });
            last = CompletableFuture.allOf(last, written);
        }

        private void count(List<Computed> cells) {
            int failures = (int) cells.stream()
                    .filter(cell -> cell.value() instanceof Uncomputed.Failed)
                    .count();
            meters.filled(computed.model(), cells.size() - failures, failures);
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

        /** As {@link #flush}; keeps a failure rather than throw it. */
        void finish() {
            try {
                flush();
            } catch (CompletionException e) {
                failed = e;
            }
        }

        /** Why a write failed; null if none did. */
        @Nullable
        Throwable failure() {
            return failed;
        }
    }
}
