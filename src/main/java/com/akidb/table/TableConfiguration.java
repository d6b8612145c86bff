package com.akidb.table;

import com.akidb.engine.TableEngine;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the tables. */
@Configuration(proxyBeanMethods = false)
class TableConfiguration {

    @Bean
    TableDirectory tableDirectory(TableEngine engine) {
        return new TableDirectory(engine);
    }

    @Bean
    TableService tableService(TableEngine engine, TableDirectory directory) {
        return new EngineTableService(engine, directory);
    }

    @Bean
    ComputedCells computedCells() {
        return new NoComputedColumns();
    }
}
