package com.akidb.collection;

import com.akidb.vector.Vectors;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of callers' vectors that are not normalised: their cosine is right all the same, but other metrics and other
 * tools may not expect them. The first of a collection is told at once, further ones once a minute with their number, so
 * that a bulk load does not flood the log.
 */
final class NormWarnings {

    private static final Logger log = LoggerFactory.getLogger(NormWarnings.class);
    private static final double TOLERANCE = 0.01;
    private static final Duration QUIET = Duration.ofMinutes(1);

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

        private final AtomicLong nextAt = new AtomicLong(Long.MIN_VALUE);
        private final AtomicLong untold = new AtomicLong();

        void add(UUID collection, double norm) {
            long now = clock.millis();
            long due = nextAt.get();
            if (now < due || !nextAt.compareAndSet(due, now + QUIET.toMillis())) {
                untold.incrementAndGet();
                return;
            }
            long others = untold.getAndSet(0);
            String message = String.format(Locale.ROOT, "User-provided vector not normalized: norm = %.4f", norm);
            log.atWarn()
                    .addKeyValue("collection", collection)
                    .log(others == 0 ? message : message + " (" + others + " more since the last warning)");
        }
    }
}
