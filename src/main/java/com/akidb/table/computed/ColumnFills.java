package com.akidb.table.computed;

import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.Column;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.error.AkidbException;
import com.akidb.error.NotFoundException;
import com.akidb.table.ColumnFacts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a fill for every column that has cells to fill. It looks again and again at tables that changed, so that nothing
 * has to tell it: what waits is in the store, and a start finds it as a commit does. A column whose model cannot be
 * used rests for a while, longer each time.
 */
final class ColumnFills implements AutoCloseable {

    static final int MOST_AT_ONCE = 4;

    private static final Logger log = LoggerFactory.getLogger(ColumnFills.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration FIRST_REST = Duration.ofSeconds(1);
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);
    private static final Duration STOPPING = Duration.ofSeconds(10);

    /** A column of a table, which may get another name but not another number of its model's vectors. */
    record Key(UUID table, String column) {}

    /** Why a column rests, and until when. */
    private record Rest(String error, Duration pause, long untilMillis) {}

    private record Running(ColumnFill fill, Thread thread) {}

    private final TableEngine engine;
    private final CellEmbedder embedder;
    private final ModelSwap modelSwap;
    private final ComputedMetrics metrics;
    private final InstantSource clock;
    private final Map<Key, Running> running = new ConcurrentHashMap<>();
    private final Map<Key, Rest> resting = new ConcurrentHashMap<>();
    /** Versions of tables at which nothing waited in a column. */
    private final Map<Key, Long> seenFull = new ConcurrentHashMap<>();
    /** What somebody waits for. */
    private final Set<Recomputation> followed = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService looks = new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().name("computed-looks").daemon().factory(),
            // A look that comes after the end is none too many.
            new ThreadPoolExecutor.DiscardPolicy());
    private volatile boolean started;
    private volatile boolean closing;

    ColumnFills(
            TableEngine engine,
            CellEmbedder embedder,
            ModelSwap modelSwap,
            ComputedMetrics metrics,
            InstantSource clock) {
        this.engine = engine;
        this.embedder = embedder;
        this.modelSwap = modelSwap;
        this.metrics = metrics;
        this.clock = clock;
        metrics.watch(this, ColumnFills::pending);
    }

    void start() {
        started = true;
        looks.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    int running() {
        return running.size();
    }

    private long pending() {
        return running.keySet().stream().mapToLong(this::pending).sum();
    }

    private long pending(Key key) {
        try {
            return engine.countCells(key.table(), key.column()).pending();
        } catch (AkidbException gone) {
            return 0;
        }
    }

    /** Why a column's fill rests; null if it does not. */
    @Nullable
    String outage(UUID table, String column) {
        Rest rest = resting.get(new Key(table, column));
        return rest == null ? null : rest.error();
    }

    /** Has a column looked at now, without waiting for the end of its rest. */
    void hurry(UUID table, String column) {
        resting.remove(new Key(table, column));
        if (started) {
            looks.execute(this::look);
        }
    }

    /** Counts from now on what becomes of cells of a column, for a call that is about to have them computed anew. */
    Recomputation follow(UUID table, String column) {
        Recomputation cells = new Recomputation(new Key(table, column));
        followed.add(cells);
        cells.settled().whenComplete((_, _) -> followed.remove(cells));
        return cells;
    }

    private List<Recomputation> followed(Key key) {
        return followed.stream().filter(cells -> cells.column().equals(key)).toList();
    }

    /** Lets those go on who wait for cells that nobody computes now. */
    private void leave(Key key) {
        followed(key).forEach(Recomputation::leave);
    }

    private void look() {
        try {
            List<Recomputation> before = List.copyOf(followed);
            Set<Key> present = new HashSet<>();
            for (Table table : engine.tables()) {
                for (Column column : table.definition().columns()) {
                    ColumnFacts.Computed computed = ColumnFacts.computed(column);
                    if (computed != null) {
                        Key key = new Key(table.id(), column.name());
                        present.add(key);
                        look(key, table, column, computed);
                    }
                }
            }
            resting.keySet().retainAll(present);
            seenFull.keySet().retainAll(present);
            before.stream().filter(cells -> !present.contains(cells.column())).forEach(Recomputation::leave);
        } catch (RuntimeException e) {
            log.error("Looking for cells to compute failed; it is tried again", e);
        }
    }

    private void look(Key key, Table table, Column column, ColumnFacts.Computed computed) {
        Rest rest = resting.get(key);
        boolean restsStill = rest != null && clock.millis() < rest.untilMillis();
        if (ColumnFill.isPaused(column)) {
            leave(key);
            return;
        }
        if (closing || running.containsKey(key) || restsStill || running.size() >= MOST_AT_ONCE) {
            return;
        }
        List<Recomputation> begun =
                followed(key).stream().filter(Recomputation::isBegun).toList();
        if (begun.isEmpty() && Long.valueOf(table.version()).equals(seenFull.get(key))) {
            return;
        }
        try {
            boolean waits = !engine.cells(
                            key.table(), new CellQuery(key.column(), CellState.PENDING, computed.source(), 0, 1))
                    .isEmpty();
            if (waits) {
                fill(key, column, computed);
            } else {
                begun.forEach(Recomputation::finish);
                resting.remove(key);
                modelSwap.filled(table, column);
                seenFull.put(key, table.version());
            }
        } catch (NotFoundException gone) {
            log.debug("A column is gone", gone);
        }
    }

    private void fill(Key key, Column column, ColumnFacts.Computed computed) {
        ColumnFill fill = new ColumnFill(engine, embedder, key.table(), column, computed, metrics, () -> followed(key));
        Thread thread = Thread.ofPlatform()
                .name("computed-fill-" + key.column())
                .daemon()
                .unstarted(() -> run(key, fill));
        running.put(key, new Running(fill, thread));
        thread.start();
    }

    private void run(Key key, ColumnFill fill) {
        try {
            fill.run();
            resting.remove(key);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (NotFoundException gone) {
            log.debug("A column is gone while it was filled", gone);
        } catch (RuntimeException e) {
            rest(key, e);
        } finally {
            running.remove(key);
        }
    }

    private void rest(Key key, RuntimeException why) {
        Rest before = resting.get(key);
        Duration pause = before == null ? FIRST_REST : before.pause().multipliedBy(2);
        if (pause.compareTo(LONGEST_REST) > 0) {
            pause = LONGEST_REST;
        }
        String error = why instanceof AkidbException known ? known.detail() : "Internal error";
        if (why instanceof AkidbException) {
            log.warn("Filling column {} rests for {} s: {}", key.column(), pause.toSeconds(), error);
        } else {
            log.error("Filling column {} failed; it is tried again in {} s", key.column(), pause.toSeconds(), why);
        }
        resting.put(key, new Rest(error, pause, clock.millis() + pause.toMillis()));
        leave(key);
    }

    /** Stops all fills soon; what waits is found at the next start. */
    @Override
    public void close() {
        closing = true;
        followed.forEach(Recomputation::leave);
        looks.shutdownNow();
        try {
            // A look that is under way may be about to start a fill.
            if (!looks.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("A look for cells to compute does not end; it is left behind");
            }
            running.values().forEach(each -> each.fill().stop());
            for (Running each : running.values()) {
                each.thread().join(STOPPING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
