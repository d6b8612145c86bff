package com.akidb.engine.embedded;

import com.akidb.engine.embedded.index.IndexProperties;
import com.akidb.engine.embedded.index.TableIndexes;
import com.akidb.memory.MemoryUse;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the embedded engine. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

    @Bean
    MemoryUse writeQueueUse(EngineProperties properties) {
        return new MemoryUse("writes that wait", properties.writeQueueBytes());
    }

    @Bean
    MemoryUse rowCacheUse(EngineProperties properties) {
        return new MemoryUse("rows read lately", properties.rowCacheBytes());
    }

    @Bean
    MemoryUse filterUse(IndexProperties properties) {
        return new MemoryUse("a table's filters", properties.filterBytes());
    }

    @Bean
    EmbeddedTableEngine tableEngine(
            DataDirectory data, EngineProperties properties, IndexProperties indexProperties, MeterRegistry meters) {
        Path directory = data.dataDir().toAbsolutePath().normalize();
        TableIndexes indexes = new TableIndexes(directory.resolve("indexes"), indexProperties, meters);
        indexes.warmUp();
        return EmbeddedTableEngine.open(directory, properties, indexes, meters, Clock.systemUTC());
    }
}
