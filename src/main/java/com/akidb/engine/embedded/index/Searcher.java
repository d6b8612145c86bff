package com.akidb.engine.embedded.index;

import com.akidb.engine.SearchExplanation;
import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.Planner.Choice;
import com.akidb.engine.embedded.index.TableIndex.Found;
import com.akidb.engine.embedded.index.View.ColumnView;
import com.akidb.engine.embedded.index.flat.Candidates;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.graph.VectorGraph;
import com.akidb.engine.embedded.index.rows.LiveBits;
import com.akidb.engine.embedded.index.vectors.BestHits;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One search over one view. */
final class Searcher {

    private final View view;
    private final VectorSearch search;
    private final SearchScratch scratch;
    private final VectorStore store;
    private final ColumnView column;
    private final float[] query;
    private final float least;
    private final Map<String, Long> steps = new LinkedHashMap<>();
    private final long begun = System.nanoTime();
    private long stepStart = begun;
    private long compared;

    Searcher(View view, VectorSearch search, SearchScratch scratch) {
        this.view = view;
        this.search = search;
        this.scratch = scratch;
        int at = view.generation().indexOf(search.column());
        this.store = view.generation().columns().get(at).store();
        this.column = view.columns().get(at);
        this.query = store.prepare(search.vector(), scratch.query(store.dimension()));
        Float threshold = search.threshold();
        this.least = threshold == null ? Float.NEGATIVE_INFINITY : threshold;
    }

    /**
     * Finds the rows.
     *
     * @param filter bits of the rows that pass the search's filter; null lets all pass
     */
    Found run(long @Nullable [] filter, IndexMetrics metrics) {
        LiveBits live = column.live();
        long passing = filter == null ? live.alive() : live.countWith(filter);
        Choice choice = choose(view, search, passing);
        step("filter");
        BestHits best = scratch.best;
        best.reset((int) Math.max(1, Math.min(search.k(), passing)));
        Choice done = choice;
        int wanted = (int) Math.min(search.k(), passing);
        if (!withoutScan(choice, filter, best, wanted)) {
            done = choice.exactly();
            best.reset(Math.max(1, wanted));
            scan(live, filter, 0, best);
            step("scan");
        }
        metrics.searched(done.plan(), System.nanoTime() - begun);
        return found(best, done, passing);
    }

    /** Does what was chosen; false if all rows must be compared after all. */
    private boolean withoutScan(Choice choice, long @Nullable [] filter, BestHits best, int wanted) {
        return switch (choice.plan()) {
            case EXACT -> false;
            case QUANTIZED -> quantized(choice.candidates(), filter, best);
            case GRAPH ->
                graph(choice.candidates(), filter, best) && (best.size() >= wanted || search.threshold() != null);
        };
    }

    private boolean graph(int beam, long @Nullable [] filter, BestHits best) {
        VectorGraph graph = column.graph();
        if (graph == null) {
            return false;
        }
        for (int ordinal : graph.search(query, beam, column.live(), filter, column.covered())) {
            offer(ordinal, best);
        }
        step("graph");
        if (column.live().size() > column.covered()) {
            scan(column.live(), filter, column.covered(), best);
            step("scan");
        }
        return true;
    }

    private boolean quantized(int wanted, long @Nullable [] filter, BestHits best) {
        LevelCodes codes = column.codes();
        Candidates candidates = scratch.candidates;
        candidates.reset(wanted);
        if (codes == null || !codes.scan(query, column.live(), filter, 0, scratch.scan, candidates)) {
            return false;
        }
        step("scan");
        for (int i = 0; i < candidates.size(); i++) {
            offer(candidates.ordinal(i), best);
        }
        step("rescore");
        return true;
    }

    /** How a search with so many passing rows would be done. */
    static Choice choose(View view, VectorSearch search, long passing) {
        int at = view.generation().indexOf(search.column());
        ColumnView column = view.columns().get(at);
        int dimension = view.generation().columns().get(at).store().dimension();
        return Planner.choose(new Planner.Question(
                column.live().alive(), passing, search.k(), dimension, column.codes() != null, column.graph() != null));
    }

    private void scan(LiveBits live, long @Nullable [] filter, int from, BestHits best) {
        int words = live.wordCount();
        for (int i = from / Long.SIZE; i < words; i++) {
            long pass = filter == null ? live.word(i) : live.word(i) & filter[i];
            if (i * Long.SIZE < from) {
                pass &= -1L << from;
            }
            while (pass != 0) {
                offer(i * Long.SIZE + Long.numberOfTrailingZeros(pass), best);
                pass &= pass - 1;
            }
        }
    }

    private void offer(int ordinal, BestHits best) {
        compared++;
        float rough = store.score(query, ordinal);
        float slack = store.roughness();
        if (rough + slack >= least && best.admits(rough + slack)) {
            float score = store.preciseScore(query, ordinal, rough);
            if (score >= least && best.admits(score)) {
                best.offer(score, view.generation().rows().rowId(ordinal));
            }
        }
    }

    private Found found(BestHits best, Choice choice, long passing) {
        long[] rowIds = new long[best.size()];
        float[] scores = new float[best.size()];
        best.drain(rowIds, scores);
        if (!search.explain()) {
            return new Found(rowIds, scores, null);
        }
        SearchExplanation explanation = new SearchExplanation(
                choice.plan().wireName(), choice.reason(), column.live().alive(), passing, compared, steps);
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
