package com.akidb.engine.embedded;

import com.akidb.engine.embedded.index.IndexProperties;
import com.akidb.engine.embedded.index.TableIndexes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Engines for tests, as the server wires them. */
public final class Engines {

    private Engines() {}

    public static EmbeddedTableEngine open(Path directory) {
        return open(directory, EngineProperties.defaults());
    }

    static EmbeddedTableEngine open(Path directory, EngineProperties properties) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TableIndexes indexes = new TableIndexes(directory.resolve("indexes"), IndexProperties.defaults(), meters);
        return EmbeddedTableEngine.open(directory, properties, indexes, meters, Clock.systemUTC());
    }

    /** With a log that keeps so many deletions and changes of each table. */
    public static EmbeddedTableEngine withLog(Path directory, int changes) {
        return open(
                directory,
                new EngineProperties(
                        1_000,
                        DataSize.ofMegabytes(16),
                        DataSize.ofMegabytes(1),
                        1,
                        100,
                        DataSize.ofMegabytes(1),
                        changes,
                        Duration.ofMinutes(5)));
    }
}
