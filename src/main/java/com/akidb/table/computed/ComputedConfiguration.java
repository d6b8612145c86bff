package com.akidb.table.computed;

import com.akidb.engine.TableEngine;
import com.akidb.model.ModelRegistry;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ComputedCells;
import com.akidb.table.ComputedColumnService;
import com.akidb.table.TableDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires computed columns. */
@Configuration(proxyBeanMethods = false)
class ComputedConfiguration {

    @Bean
    CellEmbedder cellEmbedder(ColumnEmbedder embedder) {
        return new CellEmbedder(embedder);
    }

    @Bean
    ComputedCells computedCells(CellEmbedder embedder) {
        return new EmbeddedCells(embedder);
    }

    @Bean(destroyMethod = "close")
    ColumnFills columnFills(TableEngine engine, CellEmbedder embedder, MeterRegistry meters) {
        return new ColumnFills(
                engine, embedder, new ModelSwap(engine), new ComputedMetrics(meters), InstantSource.system());
    }

    @Bean
    FillLifecycle fillLifecycle(ColumnFills fills) {
        return new FillLifecycle(fills);
    }

    @Bean
    ComputedColumnService computedColumnService(
            TableEngine engine, TableDirectory directory, ModelRegistry models, ColumnFills fills) {
        return new EngineComputedColumns(engine, directory, models, fills);
    }
}
