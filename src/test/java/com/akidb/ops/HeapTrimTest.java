package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;

class HeapTrimTest {

    private static final long MB = 1L << 20;

    @Test
    void looksOnceTheServerHasStartedIt() {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            context.registerBean(HeapTrim.class, () -> new HeapTrim(Duration.ofMinutes(1)));
            context.refresh();
            assertThat(context.getBean(HeapTrim.class).isRunning()).isEqualTo(usesSerialCollector());
        }
    }

    private static boolean usesSerialCollector() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .anyMatch(pool -> pool.getName().equals("Tenured Gen"));
    }

    @Test
    void collectsWhenTheOldGenerationHasGrownByHalfAndBy32Megabytes() {
        assertThat(HeapTrim.isWorthIt(40 * MB, 72 * MB, 200 * MB, 200 * MB)).isFalse();
        assertThat(HeapTrim.isWorthIt(40 * MB, 73 * MB, 200 * MB, 200 * MB)).isTrue();
        assertThat(HeapTrim.isWorthIt(400 * MB, 600 * MB, 900 * MB, 900 * MB)).isFalse();
        assertThat(HeapTrim.isWorthIt(400 * MB, 601 * MB, 900 * MB, 900 * MB)).isTrue();
    }

    @Test
    void collectsWhenTheHeapHasTakenMuchMoreThanItHadAfterTheLastTrim() {
        assertThat(HeapTrim.isWorthIt(40 * MB, 50 * MB, 164 * MB, 100 * MB)).isFalse();
        assertThat(HeapTrim.isWorthIt(40 * MB, 50 * MB, 165 * MB, 100 * MB)).isTrue();
        assertThat(HeapTrim.isWorthIt(40 * MB, 50 * MB, 1500 * MB, 1000 * MB)).isFalse();
    }

    @Test
    void waitsForAQuietTimeAndGivesUpWhereNoneComes() {
        AtomicLong cpu = new AtomicLong();
        AtomicInteger looks = new AtomicInteger();
        HeapTrim soonQuiet = new HeapTrim(
                Duration.ofMinutes(1), () -> looks.incrementAndGet() > 4 ? cpu.get() : cpu.addAndGet(50_000_000));
        HeapTrim alwaysBusy = new HeapTrim(Duration.ofMinutes(1), () -> cpu.addAndGet(50_000_000));

        assertThat(soonQuiet.awaitQuiet()).isTrue();
        assertThat(looks).hasValue(6);
        assertThat(alwaysBusy.awaitQuiet()).isFalse();
    }
}
