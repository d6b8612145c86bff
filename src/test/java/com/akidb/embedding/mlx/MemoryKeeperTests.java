package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryKeeperTests {

    private final AtomicInteger collections = new AtomicInteger();
    private final MemoryKeeper memory = new MemoryKeeper(100, 300, collections::incrementAndGet);

    @Test
    void collectsWhenMemoryHasGrownAndOnlyThen() {
        memory.loaded(1000);
        assertThat(memory.leaksAfterCall(1100)).isFalse();
        assertThat(collections).hasValue(0);
        assertThat(memory.leaksAfterCall(1101)).isFalse();
        assertThat(collections).hasValue(1);
        assertThat(memory.leaksAfterCall(1000)).isFalse();
        assertThat(memory.leaksAfterCall(1099)).isFalse();
        assertThat(collections).hasValue(1);
        assertThat(memory.active()).isEqualTo(1099);
    }

    @Test
    void toleratesWhatCannotBeFreedUpToTheBound() {
        memory.loaded(1000);
        memory.leaksAfterCall(1400);
        assertThat(memory.leaksAfterCall(1300)).isFalse();
        assertThat(memory.leaksAfterCall(1400)).isFalse();
        assertThat(collections).as("it waits for growth beyond what was left").hasValue(1);
    }

    @Test
    void callsItALeakWhenCollectingDidNotHelp() {
        memory.loaded(1000);
        memory.leaksAfterCall(1400);
        assertThat(memory.leaksAfterCall(1301)).isTrue();
    }

    @Test
    void takesWhatIsThereAfterLoadingAsItShouldBe() {
        memory.loaded(1000);
        memory.leaksAfterCall(1400);
        memory.loaded(1400);
        assertThat(memory.leaksAfterCall(1450)).isFalse();
        assertThat(collections).hasValue(1);
    }
}
