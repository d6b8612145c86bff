package com.akidb.embedding.batching;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import org.junit.jupiter.api.Test;

/** How many workers may be on texts that nobody waits for. */
class BackgroundLaneTests {

    private static final long CALM = BackgroundLane.CALM_NANOS;

    @Test
    void givesAllWorkersToTheBackgroundWhenNobodyElseComes() {
        BackgroundLane lane = laneOf(2, 3);

        lane.take(1, 0);
        assertThat(lane.nanosUntilTurn(0)).isZero();
        lane.take(1, 0);
        assertThat(lane.nanosUntilTurn(0)).isEqualTo(Long.MAX_VALUE);
        lane.finished();
        assertThat(lane.nanosUntilTurn(0)).isZero();
    }

    @Test
    void keepsOneOfSeveralWorkersFreeWhileInteractiveTextsCome() {
        BackgroundLane lane = laneOf(2, 3);
        lane.interactiveCame(0);

        assertThat(lane.nanosUntilTurn(0)).isZero();
        lane.take(1, 0);
        assertThat(lane.nanosUntilTurn(0)).isEqualTo(CALM);
        lane.interactiveCame(CALM / 2);
        assertThat(lane.nanosUntilTurn(CALM)).isEqualTo(CALM / 2);
        assertThat(lane.nanosUntilTurn(CALM + CALM / 2)).isZero();
    }

    @Test
    void neverStarvesTheBackgroundOfAnOnlyWorker() {
        BackgroundLane lane = laneOf(1, 2);
        lane.interactiveCame(0);

        assertThat(lane.nanosUntilTurn(0)).isZero();
        lane.take(1, 0);
        assertThat(lane.nanosUntilTurn(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void hasNoTurnWithoutTexts() {
        assertThat(laneOf(2, 0).nanosUntilTurn(0)).isEqualTo(Long.MAX_VALUE);
    }

    private static BackgroundLane laneOf(int workers, int texts) {
        BackgroundLane lane = new BackgroundLane(new BatchQueue(new BatchPolicy(32, 128, 0)), workers, 0);
        for (int i = 0; i < texts; i++) {
            lane.queue().add(new PromisedText(), null, 0);
        }
        return lane;
    }
}
