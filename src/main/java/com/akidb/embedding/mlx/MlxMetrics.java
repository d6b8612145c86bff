package com.akidb.embedding.mlx;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The metrics of MLX workers. */
final class MlxMetrics {

    private final MeterRegistry registry;

    MlxMetrics(MeterRegistry registry, MemoryKeeper memory) {
        this.registry = registry;
        Gauge.builder("akidb.mlx.active.memory", memory, MemoryKeeper::active)
                .description("Memory of MLX's arrays in the process")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Measures workers from now on, until what it returns is run: a model that is opened again has others. */
    Runnable watch(String model, List<WorkerPool.Place> places) {
        List<Meter> meters =
                places.stream().flatMap(place -> meters(model, place)).toList();
        return () -> meters.forEach(registry::remove);
    }

    private Stream<Meter> meters(String model, WorkerPool.Place place) {
        Tags tags = Tags.of("model", model, "worker", String.valueOf(place.number()));
        Stream<Meter> counters = Stream.of(
                FunctionCounter.builder("akidb.mlx.worker.calls", place, WorkerPool.Place::calls)
                        .description("Calls of the model that the worker was given")
                        .tags(tags)
                        .register(registry),
                FunctionCounter.builder("akidb.mlx.worker.restarts", place, WorkerPool.Place::restarts)
                        .description("How often the worker was replaced")
                        .tags(tags)
                        .register(registry));
        Stream<Meter> states = Arrays.stream(WorkerPool.State.values())
                .map(state -> Gauge.builder("akidb.mlx.worker.state", place, any -> any.state() == state ? 1 : 0)
                        .description("1 for the state that the worker is in")
                        .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
                        .register(registry));
        return Stream.concat(counters, states);
    }
}
