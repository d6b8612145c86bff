package com.akidb.backup;

import com.akidb.engine.TableEngine;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the backups of the server. */
@Configuration(proxyBeanMethods = false)
class BackupConfiguration {

    @Bean
    Backups backups(@Value("${akidb.data-dir:data}") String dataDirectory, BackupProperties properties) {
        return new Backups(Path.of(dataDirectory), properties, InstantSource.system());
    }

    @Bean
    Verifications verifications(@Value("${akidb.data-dir:data}") String dataDirectory) {
        return new Verifications(Path.of(dataDirectory), Clock.systemUTC());
    }

    @Bean
    Compactions compactions(TableEngine engine) {
        return new Compactions(engine, InstantSource.system());
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> backupSchedule(Backups backups) {
        return ready -> backups.startSchedule();
    }

    @Bean
    MeterBinder backupMetrics(Backups backups) {
        return registry -> {
            FunctionCounter.builder("akidb.backup.failures", backups, Backups::failures)
                    .description("Backups that failed")
                    .register(registry);
            Gauge.builder("akidb.backup.latest", backups, Backups::youngest)
                    .description("When the youngest backup was made, in seconds since 1970 UTC; 0 if there is none")
                    .baseUnit("seconds")
                    .register(registry);
        };
    }
}
