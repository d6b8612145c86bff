package com.akidb.engine.embedded.index;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.VectorSearch.Options;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Searches a small table of random vectors until the loops that searches spend their time in are compiled; else the first
 * searches after a start would take some hundred times as long as the later ones.
 */
final class SearchWarmUp {

    private static final int ROWS = 2_500;
    private static final int DIMENSION = 384;
    private static final int SEARCHES = 1_500;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final SplittableRandom random = new SplittableRandom(1);
    private final SearchScratch scratch = new SearchScratch();

    /** Returns when it is done, has taken long enough, or is stopped. */
    void run(BooleanSupplier stopped) {
        long end = System.nanoTime() + LONGEST.toNanos();
        TableDefinition definition = new TableDefinition(
                "warm-up",
                List.of(Column.of("number", ColumnType.INT, true), Column.vector("vector", DIMENSION, Metric.COSINE)),
                "number",
                Map.of());
        Generation generation = Generation.empty(IndexLayout.of(definition), Integer.MAX_VALUE);
        try {
            View view = filled(generation);
            for (int i = 0; i < SEARCHES && System.nanoTime() < end && !stopped.getAsBoolean(); i++) {
                search(view, i);
            }
        } finally {
            generation.release();
        }
    }

    private View filled(Generation generation) {
        VectorColumn column = generation.columns().getFirst();
        View empty = new View(
                generation,
                0,
                LiveBits.EMPTY,
                List.of(new ColumnView(
                        LiveBits.EMPTY, null, List.of(IndexView.empty(IndexState.automatic(column.metric()))))));
        generation.fields().register(FieldPath.column("number"), 0).ready(0);
        List<RowChange> rows = new ArrayList<>();
        for (long i = 0; i < ROWS; i++) {
            rows.add(new RowChange(i, List.of(i, vector())));
        }
        View view = new CommitApplier(empty, 1, Instant.EPOCH).apply(rows);
        LevelCodes codes =
                LevelCodes.build(column.scores(), view.columns().getFirst().live(), () -> false);
        return view.with(0, view.columns().getFirst().withCodes(codes));
    }

    private void search(View view, int round) {
        Predicate filter =
                new Predicate.Compare(FieldPath.column("number"), Operator.LESS, (long) (ROWS - round % 100));
        long[] bits = round % 3 == 0
                ? null
                : Objects.requireNonNull(view.generation().fields().bits(filter, view.size()));
        boolean exact = round % 4 == 0;
        VectorSearch search =
                new VectorSearch("vector", vector(), 10, null, null, false, false, new Options(null, null, exact));
        new Searcher(view, search, scratch, 1).run(bits);
    }

    private float[] vector() {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
        }
        return vector;
    }
}
