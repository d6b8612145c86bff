package com.akidb.http.server;

import com.akidb.error.OverloadedException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Refuses requests that have waited too long to be read. An event loop reads in one round what all of its connections have
 * brought; when more come than can be done, its rounds become long, and whoever is read late in one has waited at least
 * since it began. Refusing those costs little, so that the round ends soon and the next ones wait less.
 */
final class Rounds {

    /** A loop that stood still for a while, because the heap was collected, has few requests to do and catches up. */
    static final int FEW = 64;

    /** Rounds are looked at from this request on: while few come, most have nothing to do with them. */
    static final int FIRST = 16;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final long longestNanos;
    private final LongSupplier nanoTime;
    private final FastThreadLocal<Round> rounds = new FastThreadLocal<>() {
        @Override
        protected Round initialValue() {
            return new Round();
        }
    };

    /** @param longest how long a request may have waited */
    Rounds(Duration longest, LongSupplier nanoTime) {
        longestNanos = longest.toNanos();
        this.nanoTime = nanoTime;
    }

    /** What a loop has read since the end of the last round that was looked at; for its thread only. */
    private static final class Round {
        private int requests;
        private long begunNanos;
    }

    /**
     * Called with each request, on the event loop of its connection.
     *
     * @throws OverloadedException if the loop has been reading for too long
     */
    void require(EventLoop loop) {
        if (!loop.inEventLoop()) {
            return;
        }
        Round round = rounds.get();
        round.requests++;
        if (round.requests == FIRST) {
            round.begunNanos = nanoTime.getAsLong();
            // Behind what is being read now.
            loop.execute(() -> round.requests = 0);
        } else if (round.requests > FEW && nanoTime.getAsLong() - round.begunNanos > longestNanos) {
            throw new OverloadedException(
                    "More requests come than the server can answer; try again later", RETRY_AFTER);
        }
    }
}
