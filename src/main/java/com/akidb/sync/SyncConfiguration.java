package com.akidb.sync;

import com.akidb.engine.TableEngine;
import com.akidb.table.RowService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires synchronisation. */
@Configuration(proxyBeanMethods = false)
class SyncConfiguration {

    @Bean
    PullService pullService(TableEngine engine) {
        return new PullService(engine);
    }

    @Bean
    PushService pushService(TableEngine engine, RowService rows) {
        return new PushService(engine, rows);
    }

    @Bean(destroyMethod = "close")
    Pokes pokes(TableEngine engine) {
        return new Pokes(engine);
    }
}
