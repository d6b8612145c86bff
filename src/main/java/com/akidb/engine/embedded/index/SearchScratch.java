package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.flat.Candidates;
import com.akidb.engine.embedded.index.flat.LevelCodes;
import com.akidb.engine.embedded.index.vectors.BestHits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Room that a search works in, so that it allocates little beside its result. For one search at a time. */
final class SearchScratch {

    final LevelCodes.Scratch scan = new LevelCodes.Scratch();
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

    /** Lends scratch to searches and keeps a few for the next ones. Takes no lock, since event loops search too. */
    static final class Pool {
        private final Queue<SearchScratch> idle = new ConcurrentLinkedQueue<>();
        private final AtomicInteger room;

        Pool(int keep) {
            room = new AtomicInteger(keep);
        }

        SearchScratch take() {
            SearchScratch free = idle.poll();
            if (free == null) {
                return new SearchScratch();
            }
            room.incrementAndGet();
            return free;
        }

        void giveBack(SearchScratch scratch) {
            if (room.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                idle.add(scratch);
            }
        }
    }
}
