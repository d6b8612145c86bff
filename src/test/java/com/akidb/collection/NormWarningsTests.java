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
    void tellsTheFirstAtOnceAndFurtherOnesOnceAMinute(CapturedOutput output) {
        float[] small = new float[1024];
        Arrays.fill(small, 0.001f);
        for (int i = 0; i < 100; i++) {
            warnings.check(collection, small);
        }
        assertThat(count(output)).isEqualTo(1);
        assertThat(output.getAll()).contains("WARN").contains("User-provided vector not normalized: norm = 0.0320");

        now = now.plusSeconds(61);
        warnings.check(collection, small);
        warnings.check(collection, small);
        assertThat(count(output)).isEqualTo(2);
        assertThat(output.getAll()).contains("norm = 0.0320 (99 more since the last warning)");

        warnings.check(UUID.randomUUID(), small);
        warnings.forget(collection);
        warnings.check(collection, small);
        assertThat(count(output)).isEqualTo(4);
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
