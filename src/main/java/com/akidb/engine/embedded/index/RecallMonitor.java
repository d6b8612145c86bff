package com.akidb.engine.embedded.index;

import com.akidb.engine.VectorSearch;
import com.akidb.engine.embedded.index.Searcher.Outcome;
import com.akidb.engine.embedded.index.TableIndex.Found;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a share of the searches exactly, in the background, over what the search itself saw, and tells each index how much
 * it found. Checks take a bounded share of one core; searches that come in between are not checked.
 */
final class RecallMonitor {

    private static final Logger log = LoggerFactory.getLogger(RecallMonitor.class);

    /** Checks that may wait, of all tables. */
    private static final int MOST_WAITING = 8;

    /** After a check, no other follows for this many times its own duration. */
    private static final int REST = 20;

    /** More rows than that are not compared for one check. */
    private static final int MOST_RESULTS = 1_000;

    private final Executor executor;
    private final IndexProperties.Recall settings;
    private final IndexMetrics metrics;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final SearchScratch scratch = new SearchScratch();
    private volatile long restUntil = System.nanoTime();

    /**
     * @param executor runs one check after the other
     */
    RecallMonitor(Executor executor, IndexProperties.Recall settings, IndexMetrics metrics) {
        this.executor = executor;
        this.settings = settings;
        this.metrics = metrics;
    }

    double floor() {
        return settings.floor();
    }

    /** Has a search checked, if it is its turn. The caller holds the view's generation. */
    void consider(View view, VectorSearch search, long @Nullable [] filter, Outcome outcome) {
        IndexState index = outcome.index();
        if (index == null
                || search.options().effort() != null
                || outcome.found().rowIds().length == 0
                || search.k() > MOST_RESULTS
                || settings.sample() <= ThreadLocalRandom.current().nextDouble()
                || System.nanoTime() - restUntil < 0
                || !waiting.tryAcquire()) {
            return;
        }
        view.generation().acquire();
        try {
            executor.execute(() -> {
                try {
                    check(view, search, filter, outcome.found(), index);
                } catch (RuntimeException | OutOfMemoryError e) {
                    log.warn("A search could not be checked", e);
                } finally {
                    view.generation().release();
                    waiting.release();
                }
            });
        } catch (RejectedExecutionException e) {
            view.generation().release();
            waiting.release();
        }
    }

    private void check(View view, VectorSearch search, long @Nullable [] filter, Found found, IndexState index) {
        long start = System.nanoTime();
        VectorSearch exactly = new VectorSearch(
                search.column(),
                search.vector(),
                search.k(),
                null,
                search.threshold(),
                false,
                false,
                new VectorSearch.Options(search.options().metric(), null, true));
        float[] best = new Searcher(view, exactly, scratch, settings.floor())
                .run(filter)
                .found()
                .scores();
        index.recall().checked(recall(found.scores(), best), settings.floor(), Instant.now());
        metrics.recallChecked();
        long now = System.nanoTime();
        restUntil = now + REST * (now - start);
    }

    /** Share of the best scores that were found; rows of one score are as good as each other. */
    private static double recall(float[] found, float[] best) {
        float least = best[best.length - 1];
        int good = 0;
        for (float score : found) {
            good += score >= least ? 1 : 0;
        }
        return Math.min(1, good / (double) best.length);
    }
}
