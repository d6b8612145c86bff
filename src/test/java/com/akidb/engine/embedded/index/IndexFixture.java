package com.akidb.engine.embedded.index;

import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.MemoryTable.Expected;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tables of clustered vectors with an index that is built, for tests of one way of searching. */
abstract class IndexFixture {

    static final long SEED = 20261121;

    @TempDir
    Path directory;

    private TableIndexes indexes;

    /** Settings under which the way of searching is taken. */
    abstract IndexProperties properties();

    /** The plan that a search over that many rows takes when all is built. */
    abstract String plan();

    /** The plan for a metric. */
    String plan(Metric metric) {
        return plan();
    }

    /** Rows that are enough for that plan. */
    abstract int rows();

    @BeforeEach
    void open() {
        indexes = new TableIndexes(directory, properties(), new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        indexes.close();
    }

    /** Declares what the way of searching needs. */
    void declare(MemoryTable table) {}

    TableIndex open(MemoryTable table) {
        declare(table);
        return indexes.open(table.layout(), UUID.randomUUID(), table);
    }

    /** A table of clustered vectors and its index, built. */
    TableIndex filled(MemoryTable table, Clusters clusters, int count) {
        List<RowChange> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(table.row((Object) clusters.next()));
        }
        table.commit(changes);
        TableIndex index = open(table);
        awaitPlan(index, table);
        return index;
    }

    void awaitPlan(TableIndex index, MemoryTable table) {
        int dimension = table.definition.columns().get(1).dimension();
        if (dimension >= LevelCodes.MIN_DIMENSION && table.size() >= rows()) {
            VectorSearch probe = MemoryTable.query(new Clusters(1, dimension, 1).next(), 10);
            Metric metric =
                    Objects.requireNonNull(table.definition.columns().get(1).metric());
            Await.until(
                    () -> plan(metric).equals(explanation(index.search(probe)).plan()));
        }
    }

    static SearchExplanation explanation(Found found) {
        return Objects.requireNonNull(found.explanation());
    }

    static double recall(Found found, List<Expected> expected) {
        Set<Long> ids = new HashSet<>();
        for (long rowId : found.rowIds()) {
            ids.add(rowId);
        }
        return expected.stream().filter(hit -> ids.contains(hit.rowId())).count() / (double) expected.size();
    }
}
