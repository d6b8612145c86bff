package com.akidb.collection;

import com.akidb.vector.Vectors;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of callers' vectors that are not normalised: their cosine is right all the same, but other metrics and other
 * tools may not expect them. Each has a line of its own, unless hundreds come in a second, as in a bulk load: then the rest of
 * that second is counted, and the number told with the next.
 */
final class NormWarnings {

    private static final Logger log = LoggerFactory.getLogger(NormWarnings.class);
    private static final double TOLERANCE = 0.01;
    /** Lines about one collection, at most. */
    private static final int MOST_A_SECOND = 100;

    private final InstantSource clock;
    private final Map<UUID, Tally> tallies = new ConcurrentHashMap<>();

    NormWarnings(InstantSource clock) {
        this.clock = clock;
    }

    /** Looks at a vector that was accepted into a collection. */
    void check(UUID collection, float[] vector) {
        double norm = Vectors.norm(vector);
        if (Math.abs(norm - 1) > TOLERANCE) {
            tallies.computeIfAbsent(collection, id -> new Tally()).add(collection, norm);
        }
    }

    /** Forgets a collection that is gone. */
    void forget(UUID collection) {
        tallies.remove(collection);
    }

    private final class Tally {

        private long second = Long.MIN_VALUE;
        private int told;
        private long untold;

        synchronized void add(UUID collection, double norm) {
            long now = clock.instant().getEpochSecond();
            if (now != second) {
                second = now;
                told = 0;
            }
            if (++told > MOST_A_SECOND) {
                untold++;
                return;
            }
            String message = String.format(Locale.ROOT, "User-provided vector not normalized: norm = %.4f", norm);
            log.atWarn()
                    .addKeyValue("collection", collection)
                    .log(untold == 0 ? message : message + " (" + untold + " more since the last warning)");
            untold = 0;
        }
    }
}
