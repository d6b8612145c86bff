package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.index.IndexProperties;
import com.akidb.error.ConflictException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class EngineConfigurationTests {

    @TempDir
    Path parent;

    private ApplicationContextRunner context = new ApplicationContextRunner();

    @EnableConfigurationProperties({DataDirectory.class, EngineProperties.class, IndexProperties.class})
    static class Properties {}

    @BeforeEach
    void configure() {
        context = context.withUserConfiguration(Properties.class, EngineConfiguration.class)
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("akidb.data-dir=" + parent.resolve("new/data"));
    }

    @Test
    void makesTheDataDirectoryAndReleasesItWithTheContext() {
        context.run(started -> assertThat(started).hasSingleBean(TableEngine.class));
        assertThat(Files.exists(parent.resolve("new/data/akidb.db"))).isTrue();
        Engines.open(parent.resolve("new/data")).close();
    }

    @Test
    void defaultsToWhatTheRecordSays() {
        context.run(
                started -> assertThat(started.getBean(EngineProperties.class)).isEqualTo(EngineProperties.defaults()));
    }

    @Test
    void namesTheKeyOfASettingThatIsOutOfBounds() {
        for (String setting : List.of(
                "write-queue=0",
                "write-queue-memory=0B",
                "row-cache=-1B",
                "readers=65",
                "wal-size=1KB",
                "change-log=0",
                "snapshot-interval=0s")) {
            context.withPropertyValues("akidb.engine." + setting)
                    .run(started -> assertThat(started.getStartupFailure())
                            .rootCause()
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("akidb.engine." + setting.substring(0, setting.indexOf('='))));
        }
    }

    @Test
    void countsCommitsRowsAndFailures() {
        context.run(started -> {
            TableEngine engine = started.getBean(TableEngine.class);
            MeterRegistry meters = started.getBean(MeterRegistry.class);
            Table table = engine.create(Fixtures.documents("t"));
            Mutation insert = new Mutation.Insert(
                    List.of(Fixtures.document("a", "x", 1, 0), Fixtures.document("b", "x", 1, 0)), OnConflict.ERROR);
            Fixtures.done(engine.write(table.id(), insert));
            Fixtures.done(engine.write(table.id(), new Mutation.Delete(RowSelection.keys("a"))));
            assertThat(engine.write(table.id(), insert))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withCauseInstanceOf(ConflictException.class);
            assertThat(meters.get("akidb.commit.latency").timer().count()).isEqualTo(2);
            assertThat(meters.get("akidb.commit.writes").summary().totalAmount())
                    .isEqualTo(2);
            assertThat(meters.get("akidb.rows").tag("kind", "written").counter().count())
                    .isEqualTo(2);
            assertThat(meters.get("akidb.rows").tag("kind", "deleted").counter().count())
                    .isOne();
            assertThat(meters.get("akidb.writes.unsuccessful")
                            .tag("kind", "failed")
                            .counter()
                            .count())
                    .isOne();
            assertThat(meters.get("akidb.tables").gauge().value()).isOne();
            assertThat(meters.get("akidb.table.rows").gauge().value()).isOne();
            assertThat(meters.get("akidb.write.queue.depth").gauge().value()).isZero();
        });
    }
}
