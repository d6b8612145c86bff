package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Fixtures;
import com.akidb.engine.embedded.index.vectors.VectorStore;
import com.akidb.junit.InterleavingTest;
import com.akidb.junit.Threads;

class GenerationInterleavingTests {

    private static final float[] VECTOR = {3, 4};

    private static Generation filled() {
        Generation generation = Generation.empty(IndexLayout.of(Fixtures.documents("t")), 1_000);
        store(generation).put(0, VECTOR);
        return generation;
    }

    private static VectorStore store(Generation generation) {
        return generation.columns().getFirst().store();
    }

    private static void assertReadable(Generation generation) {
        float[] read = new float[2];
        store(generation).read(0, read);
        assertThat(read).containsExactly(VECTOR);
    }

    private static void assertGivenBack(Generation generation) {
        assertThat(generation.acquire()).isFalse();
        assertThatThrownBy(() -> assertReadable(generation)).isInstanceOf(IllegalStateException.class);
    }

    private static void search(Generation generation) {
        if (generation.acquire()) {
            assertReadable(generation);
            generation.release();
        }
    }

    @InterleavingTest
    void keepsItsMemoryAsLongAsASearchHoldsItAndThenGivesItBackOnce() throws Exception {
        Generation generation = filled();
        Threads.start(() -> search(generation), () -> search(generation), generation::release)
                .join();
        assertGivenBack(generation);
    }

    @InterleavingTest
    void sharesMemoryWithOtherLayoutsUntilNoneIsUsed() throws Exception {
        Generation before = filled();
        Generation after = before.under(before.layout());
        Threads.start(
                        () -> {
                            Generation another = before.under(before.layout());
                            before.release();
                            search(another);
                            another.release();
                        },
                        () -> search(before),
                        () -> {
                            search(after);
                            after.release();
                        })
                .join();
        assertGivenBack(before);
        assertGivenBack(after);
    }
}
