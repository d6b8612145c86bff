package com.akidb.table;

import com.akidb.engine.TableEngine;
import com.akidb.engine.embedded.Engines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Tables over a real engine in a directory of its own, for tests of what stands in front of them. */
public final class TestTables implements AutoCloseable {

    private final Path directory;
    private final TableEngine engine;
    private final TableService tables;
    private final RowService rows;
    private final IndexService indexes;

    public TestTables() {
        this(TableProperties.defaults());
    }

    TestTables(TableProperties properties) {
        try {
            directory = Files.createTempDirectory("akidb-tables");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        engine = Engines.open(directory);
        TableConfiguration wiring = new TableConfiguration();
        TableDirectory known = wiring.tableDirectory(engine);
        tables = wiring.tableService(engine, known);
        indexes = wiring.indexService(engine, known);
        rows = wiring.rowService(engine, known, new NoComputedColumns(), properties);
    }

    public TableEngine engine() {
        return engine;
    }

    public TableService tables() {
        return tables;
    }

    public IndexService indexes() {
        return indexes;
    }

    public RowService rows() {
        return rows;
    }

    @Override
    public void close() {
        engine.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
