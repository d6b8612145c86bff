package com.akidb.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class NormWarningsTests {

    private Instant now = Instant.EPOCH;
    private final NormWarnings warnings = new NormWarnings(() -> now);
    private final UUID collection = UUID.randomUUID();

    @Test
    void warnsOfEachVectorAndCountsTheRestWhenHundredsComeInASecond(CapturedOutput output) {
        float[] small = new float[1024];
        Arrays.fill(small, 0.001f);
        for (int i = 0; i < 100; i++) {
            warnings.check(collection, small);
        }
        assertThat(count(output)).isEqualTo(100);
        assertThat(output.getAll()).contains("WARN").contains("User-provided vector not normalized: norm = 0.0320");

        for (int i = 0; i < 99; i++) {
            warnings.check(collection, small);
        }
        assertThat(count(output)).isEqualTo(100);
        warnings.check(UUID.randomUUID(), small);
        assertThat(count(output)).isEqualTo(101);
        assertThat(output.getAll()).doesNotContain("more since");

        now = now.plusSeconds(1);
        warnings.check(collection, small);
        warnings.check(collection, small);
        assertThat(count(output)).isEqualTo(103);
        assertThat(output.getAll()).containsOnlyOnce("norm = 0.0320 (99 more since the last warning)");
    }

    @Test
    void forgetsTheCountOfACollectionThatIsGone(CapturedOutput output) {
        for (int i = 0; i < 150; i++) {
            warnings.check(collection, new float[] {2});
        }
        warnings.forget(collection);
        warnings.check(collection, new float[] {2});
        assertThat(count(output)).isEqualTo(101);
        assertThat(output.getAll()).doesNotContain("more since");
    }

    @Test
    void saysNothingOfVectorsWithinAHundredth(CapturedOutput output) {
        warnings.check(collection, new float[] {1.0099f});
        warnings.check(collection, new float[] {0, 0.9901f});
        assertThat(count(output)).isZero();
        warnings.check(collection, new float[] {1.011f});
        assertThat(count(output)).isEqualTo(1);
    }

    private static int count(CapturedOutput output) {
        return output.getAll().split("not normalized", -1).length - 1;
    }
}
