package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.flat.Candidates;
import com.akidb.engine.embedded.index.flat.ScanScratch;
import com.akidb.engine.embedded.index.vectors.BestHits;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Room that a search works in, so that it allocates little beside its result. For one search at a time. */
final class SearchScratch {

    final ScanScratch scan = new ScanScratch();
    final Candidates candidates = new Candidates();
    final BestHits best = new BestHits();
    private float[] query = new float[0];

    /** Room for a prepared query of that length. */
    float[] query(int dimension) {
        if (query.length != dimension) {
            query = new float[dimension];
        }
        return query;
    }

    /** Lends scratch to searches and keeps a few for the next ones. */
    static final class Pool {
        private final BlockingQueue<SearchScratch> idle;

        Pool(int keep) {
            idle = new ArrayBlockingQueue<>(keep);
        }

        SearchScratch take() {
            SearchScratch free = idle.poll();
            return free == null ? new SearchScratch() : free;
        }

        void giveBack(SearchScratch scratch) {
            boolean kept = idle.offer(scratch);
            assert kept || idle.remainingCapacity() == 0;
        }
    }
}
