package com.akidb.table.computed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;

/** Counts what fills do. */
final class ComputedMetrics {

    private final MeterRegistry meters;

    ComputedMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void watch(ColumnFills fills, ToLongFunction<ColumnFills> pending) {
        Gauge.builder("akidb_computed_pending_cells", fills, pending::applyAsLong)
                .description("Cells that wait for a vector in columns that are being filled")
                .register(meters);
        Gauge.builder("akidb_computed_fills", fills, ColumnFills::running)
                .description("Columns that are being filled")
                .register(meters);
    }

    void filled(String model, int cells, int failed) {
        counter("akidb_computed_cells", "Cells that fills gave a vector", model).increment(cells);
        counter("akidb_computed_failures", "Cells whose vector could not be computed", model)
                .increment(failed);
    }

    private Counter counter(String name, String help, String model) {
        return Counter.builder(name).description(help).tag("model", model).register(meters);
    }
}
