package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexStatus;
import com.akidb.engine.embedded.index.Planner.Plan;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** What the indexes of all tables tell about themselves. */
final class IndexMetrics {

    private static final int MOST_RECALLS = 500;

    private final Set<TableIndex> open = ConcurrentHashMap.newKeySet();
    private final Map<Plan, Timer> searches = new EnumMap<>(Plan.class);
    private final Timer builds;
    private final MultiGauge recalls;

    IndexMetrics(MeterRegistry registry) {
        Gauge.builder("akidb_index_rows", () -> sum(status -> status.definition() == null ? status.rows() : 0))
                .description("Vectors in the indexes of all tables")
                .register(registry);
        Gauge.builder("akidb_index_memory_bytes", () -> sum(IndexStatus::memoryBytes))
                .description("Memory that the indexes hold, off-heap included")
                .register(registry);
        for (Plan plan : Plan.values()) {
            searches.put(
                    plan,
                    Timer.builder("akidb_index_search")
                            .description("Time of a search in the index")
                            .tag("plan", plan.wireName())
                            .register(registry));
        }
        builds = Timer.builder("akidb_index_build")
                .description("Time of one piece of building in the background: codes, graph or compaction")
                .register(registry);
        recalls = MultiGauge.builder("akidb_search_recall")
                .description("Share of the true nearest rows that searches found lately, by index")
                .register(registry);
    }

    void opened(TableIndex index) {
        open.add(index);
    }

    void closed(TableIndex index) {
        open.remove(index);
        recallChecked();
    }

    /** Publishes what is known of the recall of indexes, of so many as a monitoring system likes. */
    void recallChecked() {
        recalls.register(
                open.stream()
                        .flatMap(table -> table.recalls().stream())
                        .limit(MOST_RECALLS)
                        .toList(),
                true);
    }

    void searched(Plan plan, long nanos) {
        Timer timer = searches.get(plan);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    void built(long nanos) {
        builds.record(nanos, TimeUnit.NANOSECONDS);
    }

    private double sum(ToLongFunction<IndexStatus> value) {
        return open.stream()
                .flatMap(index -> index.status().stream())
                .mapToLong(value)
                .sum();
    }
}
