package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** A table with a column of each kind that filters look at, and its index. */
abstract class FilterFixture {

    static final float[] ANY = {1, 0};

    @TempDir
    Path directory;

    TableIndexes indexes;

    @BeforeEach
    void open() {
        indexes = indexes(DataSize.ofMegabytes(64));
    }

    @AfterEach
    void close() {
        indexes.close();
    }

    TableIndexes indexes(DataSize filterMemory) {
        return new TableIndexes(
                directory,
                new IndexProperties(
                        2_000,
                        1_000_000,
                        32,
                        100,
                        filterMemory,
                        IndexProperties.defaults().recall()),
                new SimpleMeterRegistry());
    }

    static MemoryTable table() {
        return MemoryTable.of(
                2,
                Metric.COSINE,
                Column.of("text", ColumnType.STRING, false),
                Column.of("whole", ColumnType.INT, false),
                Column.of("real", ColumnType.FLOAT, false),
                Column.of("flag", ColumnType.BOOL, false),
                Column.of("time", ColumnType.TIMESTAMP, false),
                Column.of("json", ColumnType.JSON, false));
    }

    static List<Long> found(TableIndex index, Predicate predicate) {
        return Arrays.stream(
                        index.search(MemoryTable.query(ANY, 100_000, predicate)).rowIds())
                .sorted()
                .boxed()
                .toList();
    }
}
