package com.akidb.embedding.mlx;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;

/** What MLX workers tell about themselves. */
final class MlxMetrics {

    private final MeterRegistry registry;

    MlxMetrics(MeterRegistry registry, MemoryKeeper memory) {
        this.registry = registry;
        Gauge.builder("akidb.mlx.active.memory", memory, MemoryKeeper::active)
                .description("Memory of MLX's arrays in the process")
                .baseUnit("bytes")
                .register(registry);
    }

    void watch(String model, List<WorkerSlot> slots) {
        for (WorkerSlot slot : slots) {
            Tags tags = Tags.of("model", model, "worker", String.valueOf(slot.number()));
            FunctionCounter.builder("akidb.mlx.worker.calls", slot, WorkerSlot::calls)
                    .description("Calls of the model that the worker was given")
                    .tags(tags)
                    .register(registry);
            FunctionCounter.builder("akidb.mlx.worker.restarts", slot, WorkerSlot::restarts)
                    .description("How often the worker was replaced")
                    .tags(tags)
                    .register(registry);
            for (WorkerSlot.State state : WorkerSlot.State.values()) {
                Gauge.builder("akidb.mlx.worker.state", slot, any -> any.state() == state ? 1 : 0)
                        .description("1 for the state that the worker is in")
                        .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
                        .register(registry);
            }
        }
    }
}
