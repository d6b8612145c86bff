package com.akidb.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Proves on mechanisms that are wrong on purpose that {@link InterleavingTest} would notice. */
@Tag("interleaving")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class InterleavingsTests {

    /** Ends with the first order that fails, which is among the first hundred. */
    private static final int PATIENCE = 120;

    /** Looks for work, and only then says that it sleeps. */
    static final class LostWakeUp {

        private volatile boolean work;
        private volatile @Nullable Thread sleeper;

        void waits() throws InterruptedException {
            Threads threads = Threads.start(() -> {
                work = true;
                LockSupport.unpark(sleeper);
            });
            if (!work) {
                sleeper = Thread.currentThread();
                LockSupport.park(this);
            }
            threads.join();
        }
    }

    static final class LostUpdate {

        private final AtomicInteger atomic = new AtomicInteger();
        private volatile int field;

        void countsAtomics() throws InterruptedException {
            Threads.Work count = () -> atomic.set(atomic.get() + 1);
            Threads.start(count, count).join();
            assertThat(atomic).hasValue(2);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate")
        void countsVolatileFields() throws InterruptedException {
            Threads.Work count = () -> field++;
            Threads.start(count, count).join();
            assertThat(field).isEqualTo(2);
        }
    }

    static final class Right {

        private final AtomicInteger count = new AtomicInteger();

        void counts() throws InterruptedException {
            Threads.start(count::incrementAndGet, count::incrementAndGet).join();
            assertThat(count).hasValue(2);
        }
    }

    @Test
    void aWakeUpThatGetsLostIsFound() {
        assertThat(Interleavings.explore(LostWakeUp.class, "waits", PATIENCE))
                .hasValueSatisfying(
                        found -> assertThat(found).contains("Deadlock").contains("LostWakeUp.waits"));
    }

    @Test
    void anUpdateThatGetsLostIsFound() {
        for (String method : List.of("countsAtomics", "countsVolatileFields")) {
            assertThat(Interleavings.explore(LostUpdate.class, method, PATIENCE))
                    .hasValueSatisfying(found -> assertThat(found).contains("Assertion"));
        }
    }

    @Test
    void whatHoldsInAllOrdersPasses() {
        assertThat(Interleavings.explore(Right.class, "counts", 2)).isEmpty();
    }
}
