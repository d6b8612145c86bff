package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.OverloadedException;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundsTests {

    private final AtomicLong now = new AtomicLong();
    private final Rounds rounds = new Rounds(Duration.ofMillis(100), now::get);
    private final EventLoop loop = new DefaultEventLoop();

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.MINUTES);
    }

    /** How many of the requests that a loop reads in one round are refused. */
    private int refused(int requests, long millisEach) throws InterruptedException, ExecutionException {
        return loop.submit(() -> {
                    int refused = 0;
                    for (int i = 0; i < requests; i++) {
                        try {
                            rounds.require(loop);
                        } catch (OverloadedException e) {
                            refused++;
                        }
                        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millisEach));
                    }
                    return refused;
                })
                .get();
    }

    @Test
    void refusesWhoIsReadLateInALongRound() throws Exception {
        assertThat(refused(1_000, 1)).isEqualTo(1_000 - 100 - Rounds.FIRST);
    }

    @Test
    void beginsAnewWithTheNextRound() throws Exception {
        assertThat(refused(200, 1)).isPositive();
        assertThat(refused(90, 1)).isZero();
    }

    @Test
    void refusesNobodyWhenManyAreReadQuickly() throws Exception {
        assertThat(refused(100_000, 0)).isZero();
    }

    @Test
    void refusesNobodyWhenTheLoopStoodStillAndFewWait() throws Exception {
        assertThat(refused(Rounds.FEW, 1_000)).isZero();
    }
}
