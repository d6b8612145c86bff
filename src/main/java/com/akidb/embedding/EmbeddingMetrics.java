package com.akidb.embedding;

import com.akidb.embedding.batching.MicroBatcher.BatchListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The metrics of the embedding room. Models appear under their registry id, never under a caller's text. */
final class EmbeddingMetrics {

    private static final Duration[] LATENCIES = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1)
    };
    private static final Duration[] WAITS = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1)
    };
    private static final double[] BATCH_SIZES = {1, 2, 5, 10, 20, 32};

    private final MeterRegistry registry;
    private final LongAdder vectorHits = new LongAdder();
    private final LongAdder vectorMisses = new LongAdder();
    private final LongAdder modelHits = new LongAdder();
    private final LongAdder modelMisses = new LongAdder();
    private final Map<String, OfModel> models = new ConcurrentHashMap<>();

    EmbeddingMetrics(MeterRegistry registry) {
        this.registry = registry;
        counter("akidb.vector.cache.hits", vectorHits, "Texts whose vector came from the cache");
        counter("akidb.vector.cache.misses", vectorMisses, "Texts whose vector was not in the cache");
        counter("akidb.model.cache.hits", modelHits, "Requests whose model was in memory");
        counter("akidb.model.cache.misses", modelMisses, "Requests whose model had to be loaded");
    }

    private void counter(String name, LongAdder count, String description) {
        FunctionCounter.builder(name, count, LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }

    void watch(Supplier<Number> vectors, Supplier<Number> loadedModels) {
        Gauge.builder("akidb.vector.cache.entries", vectors)
                .description("Vectors in the cache")
                .register(registry);
        Gauge.builder("akidb.model.cache.entries", loadedModels)
                .description("Models in memory")
                .register(registry);
    }

    void foundVector(boolean hit) {
        (hit ? vectorHits : vectorMisses).increment();
    }

    void foundModel(boolean hit) {
        (hit ? modelHits : modelMisses).increment();
    }

    OfModel of(String model) {
        return models.computeIfAbsent(model, OfModel::new);
    }

    /** The meters of one model. */
    final class OfModel implements BatchListener {

        private final String model;
        private final Timer latency;
        private final DistributionSummary requestTexts;
        private final DistributionSummary callTexts;
        private final Timer wait;
        private final Counter successes;
        private final Counter errors;

        private OfModel(String model) {
            this.model = model;
            latency = Timer.builder("akidb.embedding.latency")
                    .description("Embedding generation latency")
                    .tag("model", model)
                    .serviceLevelObjectives(LATENCIES)
                    .register(registry);
            requestTexts = sizes("akidb.embedding.batch.size", "Embedding batch size distribution");
            callTexts = sizes("akidb.embedding.backend.batch.size", "Texts in one call of the model");
            wait = Timer.builder("akidb.embedding.batch.wait")
                    .description("Time that a text waits for its call of the model")
                    .tag("model", model)
                    .serviceLevelObjectives(WAITS)
                    .register(registry);
            successes = requests("success");
            errors = requests("error");
        }

        private DistributionSummary sizes(String name, String description) {
            return DistributionSummary.builder(name)
                    .description(description)
                    .tag("model", model)
                    .serviceLevelObjectives(BATCH_SIZES)
                    .register(registry);
        }

        private Counter requests(String status) {
            return Counter.builder("akidb.embedding.requests")
                    .description("Total embedding requests")
                    .tag("model", model)
                    .tag("status", status)
                    .register(registry);
        }

        void watchQueue(IntSupplier depth) {
            Gauge.builder("akidb.embedding.queue.depth", depth::getAsInt)
                    .description("Texts that wait for a call of the model")
                    .tag("model", model)
                    .register(registry);
        }

        void requested(int texts) {
            requestTexts.record(texts);
        }

        void answered(long nanos, boolean success) {
            latency.record(nanos, TimeUnit.NANOSECONDS);
            (success ? successes : errors).increment();
        }

        @Override
        public void waited(long nanos) {
            wait.record(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void calling(int texts) {
            callTexts.record(texts);
        }
    }
}
