package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.VectorSearch.Options;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes that were asked for are built, followed, built anew and dropped while the table is searched. */
class DeclaredIndexTests {

    private static final int DIMENSION = 64;
    private static final int ROWS = 3_000;
    private static final IndexProperties PROPERTIES = IndexProperties.of(500, 1_000_000);

    @TempDir
    Path directory;

    private final UUID id = UUID.randomUUID();
    private final Clusters clusters = new Clusters(IndexFixture.SEED, DIMENSION, 20);
    private final MemoryTable table = MemoryTable.of(DIMENSION, Metric.COSINE, Column.of("mark", ColumnType.INT, true));
    private TableIndexes indexes;
    private TableIndex index;

    @BeforeEach
    void fill() {
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(table.row(clusters.next(), (long) i % 100));
        }
        table.commit(rows);
        indexes = new TableIndexes(directory, PROPERTIES, new SimpleMeterRegistry());
        index = indexes.open(table.layout(), id, table);
    }

    @AfterEach
    void close() {
        index.close();
        indexes.close();
    }

    private static IndexDefinition definition(String method, Metric metric) {
        return method.equals("hnsw") ? Declared.hnsw("found", metric) : Declared.ivfflat("found", metric, 30);
    }

    private IndexStatus status() {
        return index.status().getLast();
    }

    private void build(IndexDefinition... definitions) {
        table.declare(index, definitions);
        Await.until(
                () -> index.status().stream().noneMatch(status -> status.state().equals("building")));
    }

    private String plan(VectorSearch search) {
        return IndexFixture.explanation(index.search(search)).plan();
    }

    private VectorSearch query() {
        return MemoryTable.query(clusters.next(), 10);
    }

    private static VectorSearch with(VectorSearch search, Options options) {
        return new VectorSearch(search.column(), search.vector(), 10, null, null, false, true, options);
    }

    private double recall(Options options) {
        double sum = 0;
        for (int i = 0; i < 30; i++) {
            VectorSearch search = with(query(), options);
            sum += IndexFixture.recall(index.search(search), table.search(search, row -> true));
        }
        return sum / 30;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hnsw", "ivfflat"})
    void areBuiltInTheBackgroundAndSearchedThen(String method) {
        IndexDefinition definition = definition(method, Metric.COSINE);
        build(definition);
        assertThat(status().definition()).isEqualTo(definition);
        assertThat(status().state()).isEqualTo("ready");
        assertThat(status().percent()).isEqualTo(100);
        assertThat(status().rows()).isEqualTo(ROWS);
        assertThat(status().memoryBytes()).isPositive();
        assertThat(plan(query())).isEqualTo(method);
        assertThat(recall(Options.DEFAULT)).isGreaterThan(0.95);
        assertThat(plan(with(query(), new Options(null, null, true)))).isEqualTo("exact");
        table.declare(index);
        assertThat(index.status()).hasSize(1);
        assertThat(plan(query())).isNotEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hnsw", "ivfflat"})
    void serveOtherMetricsThanTheColumnsOwn(String method) {
        for (Metric metric : List.of(Metric.EUCLIDEAN, Metric.INNER_PRODUCT)) {
            build(definition(method, metric));
            Options options = new Options(metric, null, false);
            assertThat(plan(with(query(), options))).isEqualTo(method);
            assertThat(recall(options)).as("%s by %s", method, metric).isGreaterThan(0.95);
            assertThat(plan(query())).isNotEqualTo(method);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hnsw", "ivfflat"})
    void followInsertsUpdatesAndDeletions(String method) {
        build(definition(method, Metric.COSINE));
        for (int round = 0; round < 4; round++) {
            List<RowChange> changes = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                changes.add(table.row(clusters.next(), (long) i % 100));
            }
            for (long rowId : table.rowIds()) {
                if (rowId % 4 == round) {
                    changes.add(
                            rowId % 8 < 4
                                    ? MemoryTable.deleted(rowId)
                                    : MemoryTable.replaced(rowId, clusters.next(), rowId % 100));
                }
            }
            table.commit(index, changes);
            assertThat(plan(query())).isEqualTo(method);
            assertThat(recall(Options.DEFAULT)).isGreaterThan(0.95);
            VectorSearch all = MemoryTable.query(clusters.next(), 100_000);
            assertThat(index.search(all).rowIds())
                    .containsExactlyInAnyOrder(
                            table.rowIds().stream().mapToLong(Long::longValue).toArray());
        }
        Await.until(() -> index.status().getFirst().memoryBytes() < 40L * 1_024 * 1_024
                && plan(query()).equals(method));
        assertThat(recall(Options.DEFAULT)).isGreaterThan(0.95);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hnsw", "ivfflat"})
    void areBuiltAnewWhileTheOldOneServes(String method) {
        build(definition(method, Metric.COSINE));
        assertThat(index.rebuild("found")).isTrue();
        while (status().state().equals("building")) {
            assertThat(plan(query())).isEqualTo(method);
        }
        assertThat(status().state()).isEqualTo("ready");
        assertThat(recall(Options.DEFAULT)).isGreaterThan(0.95);
        assertThat(index.rebuild("another")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hnsw", "ivfflat"})
    void areBuiltAnewLaterIfTheColumnHasTooFewVectorsWhenThatIsAskedFor(String method) {
        List<Long> all = List.copyOf(table.rowIds());
        table.commit(index, all.stream().skip(400).map(MemoryTable::deleted).toList());
        build(definition(method, Metric.COSINE));
        assertThat(index.rebuild("found")).isTrue();
        assertThat(status().state()).isEqualTo("ready");
        assertThat(plan(query())).isEqualTo("exact");
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(table.row(clusters.next(), (long) i % 100));
        }
        table.commit(index, rows);
        Await.until(() -> plan(query()).equals(method));
        assertThat(status().state()).isEqualTo("ready");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hnsw", "ivfflat"})
    void areLeftAloneByFiltersThatPassFewRows(String method) {
        build(definition(method, Metric.COSINE));
        for (long passing : new long[] {1, 10, 49}) {
            Predicate filter = new Predicate.Compare(FieldPath.column("mark"), Operator.LESS, passing);
            VectorSearch search = MemoryTable.query(clusters.next(), 10, filter);
            assertThat(plan(search)).isNotEqualTo(method);
            assertThat(IndexFixture.recall(
                            index.search(search), table.search(search, row -> (long) marked(row) < passing)))
                    .isEqualTo(1);
        }
        Predicate most = new Predicate.Compare(FieldPath.column("mark"), Operator.LESS, 90L);
        assertThat(plan(MemoryTable.query(clusters.next(), 10, most))).isEqualTo(method);
    }

    private static Object marked(List<@org.jspecify.annotations.Nullable Object> row) {
        return java.util.Objects.requireNonNull(row.get(2));
    }

    @Test
    void lookFurtherWhenTheSearchSaysSo() {
        build(Declared.ivfflat("found", Metric.COSINE, 100));
        double little = recall(new Options(null, 1, false));
        assertThat(little).isLessThan(0.95);
        assertThat(recall(new Options(null, 100, false))).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hnsw", "ivfflat"})
    void comeBackFromASnapshot(String method) {
        build(definition(method, Metric.COSINE), Declared.hnsw("other", Metric.INNER_PRODUCT));
        table.commit(index, List.of(MemoryTable.deleted(3), MemoryTable.replaced(4, clusters.next(), 1L)));
        index.snapshot();
        index.close();
        TableIndexes still = new TableIndexes(directory, PROPERTIES, new SimpleMeterRegistry());
        still.close();
        index = still.open(table.layout(), id, table);
        assertThat(plan(query())).isEqualTo(method);
        assertThat(recall(Options.DEFAULT)).isGreaterThan(0.95);
        Options other = new Options(Metric.INNER_PRODUCT, null, false);
        assertThat(plan(with(query(), other))).isEqualTo("hnsw");
        assertThat(recall(other)).isGreaterThan(0.95);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hnsw", "ivfflat"})
    void areNotTakenFromTheSnapshotOfAnotherColumn(String method) {
        build(definition(method, Metric.COSINE));
        index.snapshot();
        index.close();
        table.alter(table.definition.columns(), List.of(0L, 9L, 2L), definition(method, Metric.COSINE));
        table.commit(List.of(MemoryTable.replaced(1, clusters.next(), 1L)));
        TableIndexes still = new TableIndexes(directory, PROPERTIES, new SimpleMeterRegistry());
        still.close();
        index = still.open(table.layout(), id, table);
        assertThat(plan(query())).isEqualTo("exact");
        assertThat(index.search(query()).rowIds()).containsExactly(1);
    }

    @Test
    void haveNoMoreListsThanTheVectorsFill() {
        build(Declared.ivfflat("found", Metric.COSINE, 65_536));
        assertThat(status().state()).isEqualTo("ready");
        assertThat(plan(query())).isEqualTo("ivfflat");
        assertThat(recall(new Options(null, 65_536, false))).isEqualTo(1);
    }

    @Test
    void takeVectorsOfHugeValues() {
        float[] huge = new float[DIMENSION];
        Arrays.fill(huge, 3e38f);
        table.commit(index, List.of(MemoryTable.replaced(1, huge, 1L)));
        build(Declared.ivfflat("found", Metric.EUCLIDEAN, 30), Declared.hnsw("other", Metric.INNER_PRODUCT));
        for (Metric metric : Metric.values()) {
            VectorSearch search = with(query(), new Options(metric, null, false));
            assertThat(index.search(search).rowIds()).hasSize(10).doesNotHaveDuplicates();
        }
    }

    @Test
    void goOnWhenTheirColumnIsRenamed() {
        build(Declared.hnsw("found", Metric.COSINE));
        List<Column> columns = new ArrayList<>(table.definition.columns());
        columns.set(1, columns.get(1).renamed("sense"));
        IndexDefinition before = Declared.hnsw("found", Metric.COSINE);
        IndexDefinition renamed =
                new IndexDefinition("found", List.of("sense"), before.method(), before.metric(), before.parameters());
        index.follow(table.alter(columns, List.of(0L, 1L, 2L), renamed), table.layout());
        assertThat(status().definition()).isEqualTo(renamed);
        assertThat(plan(new VectorSearch("sense", clusters.next(), 10, null, null, false, true)))
                .isEqualTo("hnsw");
    }
}
