package com.akidb.engine.embedded.index;

import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.Planner.Choice;
import com.akidb.engine.embedded.index.Planner.Plan;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.View.IndexView;
import com.akidb.engine.embedded.index.flat.Candidates;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.BestHits;
import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.SearchStructure;
import com.akidb.vector.Metric;
import com.akidb.vector.Vectors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One search over one view. */
final class Searcher {

    private final View view;
    private final VectorSearch search;
    private final SearchScratch scratch;
    private final MetricScores metricScores;
    private final ColumnView column;
    private final boolean ownMetric;
    private final @Nullable IndexView index;
    private final float[] query;
    private final float least;
    private final double recallFloor;
    private final Map<String, Long> steps = new LinkedHashMap<>();
    private final long begun = System.nanoTime();
    private long stepStart = begun;
    private long compared;

    /**
     * What a search found and how.
     *
     * @param index whose structure or codes were used; null if all rows were compared
     */
    record Outcome(Found found, Plan plan, @Nullable IndexState index) {}

    /**
     * @param recallFloor as it is explained to those who ask
     */
    Searcher(View view, VectorSearch search, SearchScratch scratch, double recallFloor) {
        this.recallFloor = recallFloor;
        this.view = view;
        this.search = search;
        this.scratch = scratch;
        int at = view.generation().indexOf(search.column());
        VectorColumn place = view.generation().columns().get(at);
        Vectors.requireDimension(search.vector().length, place.store().dimension(), "vector");
        Metric metric = metric(search, place);
        this.metricScores = place.scores(metric);
        this.ownMetric = metric == place.metric();
        this.column = view.columns().get(at);
        this.index = index(column, metric);
        this.query = metricScores.prepare(search.vector(), scratch.query(metricScores.dimension()));
        Float threshold = search.threshold();
        this.least = threshold == null ? Float.NEGATIVE_INFINITY : threshold;
    }

    private static Metric metric(VectorSearch search, VectorColumn column) {
        Metric wanted = search.options().metric();
        return wanted == null ? column.metric() : wanted;
    }

    /** The index that can be searched by a metric: a declared one before the column's own. */
    private static @Nullable IndexView index(ColumnView column, Metric metric) {
        return column.indexes().reversed().stream()
                .filter(view -> view.structure() != null && view.state().metric() == metric)
                .findFirst()
                .orElse(null);
    }

    /**
     * Finds the rows.
     *
     * @param filter bits of the rows that pass the search's filter; null lets all pass
     */
    Outcome run(long @Nullable [] filter) {
        LiveBits live = column.live();
        long passing = filter == null ? live.alive() : live.countWith(filter);
        Choice choice = Planner.choose(question(passing));
        step("filter");
        int wanted = (int) Math.min(search.k(), passing);
        BestHits best = scratch.best;
        best.reset(Math.max(1, wanted));
        Choice done = choice;
        if (!withoutScan(choice, filter, best, wanted)) {
            done = choice.exactly();
            best.reset(Math.max(1, wanted));
            scan(filter, LiveBits.EMPTY, best);
            step("scan");
        }
        return new Outcome(found(best, done, passing, done == choice ? 1 : 2), done.plan(), used(done.plan()));
    }

    /** The index that a plan makes use of. */
    private @Nullable IndexState used(Plan plan) {
        return switch (plan) {
            case EXACT -> null;
            case QUANTIZED, GRAPH -> column.indexes().getFirst().state();
            case HNSW, IVFFLAT -> index == null ? null : index.state();
        };
    }

    /** Time since it began. */
    long nanos() {
        return System.nanoTime() - begun;
    }

    /** What the search would cost if all rows passed, in microseconds. */
    double micros() {
        return Planner.choose(question(column.live().alive())).micros();
    }

    private Planner.Question question(long passing) {
        IndexView searched = index;
        SearchStructure structure = searched == null ? null : searched.structure();
        Planner.Candidate candidate = searched == null || structure == null
                ? null
                : new Planner.Candidate(
                        searched.state().method(),
                        searched.state().isDeclared(),
                        structure.parts(),
                        searched.state().usualEffort(),
                        column.live().countWithout(searched.members()),
                        searched.state().recall().raise());
        return new Planner.Question(
                column.live().alive(),
                passing,
                search.k(),
                metricScores.dimension(),
                column.codes() != null && ownMetric,
                candidate,
                new Planner.Wishes(search.options().effort(), search.options().exact(), 1));
    }

    /** Does what was chosen; false if all rows must be compared after all. */
    private boolean withoutScan(Choice choice, long @Nullable [] filter, BestHits best, int wanted) {
        return switch (choice.plan()) {
            case EXACT -> false;
            case QUANTIZED -> quantized(choice.effort(), filter, LiveBits.EMPTY, best);
            case GRAPH, HNSW, IVFFLAT ->
                indexed(choice.effort(), filter, best) && (best.size() >= wanted || search.threshold() != null);
        };
    }

    private boolean indexed(int effort, long @Nullable [] filter, BestHits best) {
        IndexView searched = index;
        SearchStructure structure = searched == null ? null : searched.structure();
        if (searched == null || structure == null) {
            return false;
        }
        LiveBits live = column.live();
        LiveBits members = searched.members();
        structure.search(
                query,
                effort,
                ordinal -> members.has(ordinal)
                        && live.get(ordinal)
                        && (filter == null || (filter[ordinal >>> 6] & (1L << ordinal)) != 0),
                ordinal -> offer(ordinal, best));
        step("index");
        scanBeside(filter, searched, best);
        step("scan");
        return true;
    }

    /** Searches the rows that an index lacks: by codes if they are many, else one by one. */
    private void scanBeside(long @Nullable [] filter, IndexView searched, BestHits best) {
        LiveBits live = column.live();
        long beside = live.countWithout(searched.members());
        if (beside == 0) {
            return;
        }
        int candidates = 0;
        if (column.codes() != null && ownMetric) {
            long passing = filter == null ? beside : live.countWith(filter, searched.members());
            candidates = Planner.besideCandidates(
                    beside,
                    passing,
                    search.k(),
                    metricScores.dimension(),
                    searched.state().recall().raise());
        }
        if (candidates == 0 || !quantized(candidates, filter, searched.members(), best)) {
            scan(filter, searched.members(), best);
        }
    }

    private boolean quantized(int wanted, long @Nullable [] filter, LiveBits without, BestHits best) {
        LevelCodes codes = column.codes();
        Candidates candidates = scratch.candidates;
        candidates.reset(wanted);
        if (codes == null || !codes.scan(query, column.live(), filter, without, scratch.scan, candidates)) {
            return false;
        }
        step("scan");
        for (int i = 0; i < candidates.size(); i++) {
            offer(candidates.ordinal(i), best);
        }
        step("rescore");
        return true;
    }

    /** Compares all that passes and is not in a set. */
    private void scan(long @Nullable [] filter, LiveBits without, BestHits best) {
        LiveBits live = column.live();
        int words = live.wordCount();
        for (int i = 0; i < words; i++) {
            long pass = live.word(i) & ~without.wordOrZero(i);
            pass = filter == null ? pass : pass & filter[i];
            while (pass != 0) {
                offer(i * Long.SIZE + Long.numberOfTrailingZeros(pass), best);
                pass &= pass - 1;
            }
        }
    }

    private void offer(int ordinal, BestHits best) {
        compared++;
        float rough = metricScores.score(query, ordinal);
        float slack = metricScores.roughness();
        if (rough + slack >= least && best.admits(rough + slack)) {
            float score = metricScores.preciseScore(query, ordinal, rough);
            if (score >= least && best.admits(score)) {
                best.offer(score, view.generation().rows().rowId(ordinal));
            }
        }
    }

    private Found found(BestHits best, Choice choice, long passing, int passes) {
        long[] rowIds = new long[best.size()];
        float[] scores = new float[best.size()];
        best.drain(rowIds, scores);
        if (!search.explain()) {
            return new Found(rowIds, scores, null);
        }
        IndexState used = used(choice.plan());
        SearchExplanation.Means means = new SearchExplanation.Means(
                used == null || !used.isDeclared() ? null : used.name(),
                metricScores.metric().wireName(),
                choice.effort(),
                passes,
                used == null ? 1 : used.recall().raise(),
                recallFloor,
                used == null ? null : used.recall().mean());
        SearchExplanation explanation = new SearchExplanation(
                choice.plan().wireName(), choice.reason(), column.live().alive(), passing, compared, steps, means);
        return new Found(rowIds, scores, explanation);
    }

    private void step(String name) {
        if (search.explain()) {
            long now = System.nanoTime();
            steps.put(name, (now - stepStart) / 1_000);
            stepStart = now;
        }
    }
}
