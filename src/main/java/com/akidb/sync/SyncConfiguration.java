package com.akidb.sync;

import com.akidb.engine.TableEngine;
import com.akidb.table.RowService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires synchronisation. */
@Configuration(proxyBeanMethods = false)
class SyncConfiguration {

    @Bean
    ClientGroups clientGroups(TableEngine engine) {
        return new ClientGroups(engine);
    }

    @Bean
    PullService pullService(TableEngine engine, ClientGroups groups) {
        return new PullService(engine, groups);
    }

    @Bean
    PushService pushService(TableEngine engine, RowService rows, ClientGroups groups) {
        return new PushService(engine, rows, groups);
    }

    @Bean(destroyMethod = "close")
    Pokes pokes(TableEngine engine) {
        return new Pokes(engine);
    }
}
