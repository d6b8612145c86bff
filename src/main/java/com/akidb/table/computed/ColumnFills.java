package com.akidb.table.computed;

import com.akidb.engine.Alteration;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.CellState;
import com.akidb.engine.Column;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.error.AkidbException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TableChangedException;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnFacts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
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
import org.springframework.context.SmartLifecycle;

/**
 * Starts a fill for every column with pending cells. Tables are polled for changes rather than reported: what is pending is
 * stored, so it is found after a restart as after a commit. A column whose model is unavailable rests for a while, longer each
 * time.
 */
public final class ColumnFills implements SmartLifecycle, AutoCloseable {

    static final int MOST_AT_ONCE = 4;

    /** Starts after and stops before models and the engine, whose phases are lower; the servers' are higher. */
    private static final int PHASE = 1_001;

    private static final Logger log = LoggerFactory.getLogger(ColumnFills.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration FIRST_REST = Duration.ofSeconds(1);
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);
    private static final Duration STOPPING = Duration.ofSeconds(10);

    record Key(UUID table, String column) {}

    /** Why a column rests, and until when. */
    private record Rest(String error, Duration pause, long untilMillis) {}

    private record Running(ColumnFill fill, Thread thread) {}

    private final TableEngine engine;
    private final CellEmbedder embedder;
    private final Meters meters;
    private final InstantSource clock;
    private final Map<Key, Running> running = new ConcurrentHashMap<>();
    private final Map<Key, Rest> resting = new ConcurrentHashMap<>();
    /** Versions of tables at which nothing was pending in a column. */
    private final Map<Key, Long> seenFull = new ConcurrentHashMap<>();
    /** Recomputations that somebody follows. */
    private final Set<Recomputation> followed = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService looks = new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().name("computed-looks").daemon().factory(),
            // A look that is asked for after close is dropped.
            new ThreadPoolExecutor.DiscardPolicy());
    private volatile boolean started;
    private volatile boolean closing;

    public ColumnFills(TableEngine engine, ColumnEmbedder embedder, MeterRegistry meters, InstantSource clock) {
        this.engine = engine;
        this.embedder = new CellEmbedder(embedder);
        this.clock = clock;
        this.meters = new Meters(meters);
        this.meters.watch(this);
    }

    @Override
    public void start() {
        started = true;
        looks.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isRunning() {
        return started && !closing;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void stop() {
        close();
    }

    int running() {
        return running.size();
    }

    private long pending() {
        return running.keySet().stream().mapToLong(this::pending).sum();
    }

    private long pending(Key key) {
        try {
            return engine.reader(key.table()).countCells(key.column()).pending();
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

    /** Looks at a column now, even if it rests. */
    void hurry(UUID table, String column) {
        resting.remove(new Key(table, column));
        if (started) {
            looks.execute(this::look);
        }
    }

    /** Begins to count what becomes of cells of a column, for a call that is about to recompute some. */
    Recomputation follow(UUID table, String column) {
        Recomputation cells = new Recomputation(new Key(table, column));
        followed.add(cells);
        cells.settled().whenComplete((_, _) -> followed.remove(cells));
        return cells;
    }

    private List<Recomputation> followed(Key key) {
        return followed.stream().filter(cells -> cells.column().equals(key)).toList();
    }

    /** Ends the waiting for cells that are not computed now. */
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
            log.error("Looking for pending cells failed; retrying", e);
        }
    }

    private void look(Key key, Table table, Column column, ColumnFacts.Computed computed) {
        Rest rest = resting.get(key);
        boolean restsStill = rest != null && clock.millis() < rest.untilMillis();
        if (ColumnFacts.isPaused(column)) {
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
            boolean waits = !engine.reader(table)
                    .cells(new CellQuery(key.column(), CellState.PENDING, computed.source(), 0, 1))
                    .isEmpty();
            if (waits) {
                fill(key, column, computed);
            } else {
                begun.forEach(Recomputation::finish);
                resting.remove(key);
                swapIfSuccessor(table, column);
                seenFull.put(key, table.version());
            }
        } catch (NotFoundException | TableChangedException changed) {
            log.debug("The columns of a table changed meanwhile; the next look finds them", changed);
        }
    }

    /**
     * If a filled column is the successor of another, replaces that one in one commit, unless cells failed. All state is
     * stored, so a change of a model continues after a restart.
     */
    private void swapIfSuccessor(Table table, Column column) {
        String old = column.properties().get(ColumnFacts.REPLACES);
        if (old == null) {
            return;
        }
        boolean there = table.definition().columns().stream()
                .anyMatch(each -> each.name().equals(old));
        if (!there) {
            engine.alter(table.id(), new Alteration.DropColumn(column.name()));
            return;
        }
        CellCounts counts = engine.reader(table).countCells(column.name());
        if (counts.pending() == 0 && counts.failed() == 0) {
            Map<String, String> facts = new HashMap<>(column.properties());
            facts.remove(ColumnFacts.REPLACES);
            engine.alter(table.id(), new Alteration.ReplaceColumn(old, column.name(), facts));
            log.info(
                    "Column {} of table {} has vectors of model {} now",
                    old,
                    table.definition().name(),
                    column.properties().get(ColumnFacts.MODEL));
        }
    }

    private void fill(Key key, Column column, ColumnFacts.Computed computed) {
        ColumnFill fill = new ColumnFill(engine, embedder, key.table(), column, computed, meters, () -> followed(key));
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
            log.debug("A column was dropped while it was being filled", gone);
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

    /** Stops all fills soon; what is pending is found at the next start. */
    @Override
    public void close() {
        closing = true;
        followed.forEach(Recomputation::leave);
        looks.shutdownNow();
        try {
            // A look under way may be about to start a fill.
            if (!looks.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("A look for pending cells does not end; it is abandoned");
            }
            running.values().forEach(each -> each.fill().stop());
            for (Running each : running.values()) {
                each.thread().join(STOPPING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The metrics of fills. */
    static final class Meters {

        private final MeterRegistry meters;

        Meters(MeterRegistry meters) {
            this.meters = meters;
        }

        void watch(ColumnFills fills) {
            Gauge.builder("akidb_computed_pending_cells", fills, ColumnFills::pending)
                    .description("Cells that wait for a vector in columns that are being filled")
                    .register(meters);
            Gauge.builder("akidb_computed_fills", fills, ColumnFills::running)
                    .description("Columns that are being filled")
                    .register(meters);
        }

        void filled(String model, int cells, int failed) {
            counter("akidb_computed_cells", "Cells that fills gave a vector", model)
                    .increment(cells);
            counter("akidb_computed_failures", "Cells whose vector could not be computed", model)
                    .increment(failed);
        }

        private Counter counter(String name, String help, String model) {
            return Counter.builder(name).description(help).tag("model", model).register(meters);
        }
    }
}
