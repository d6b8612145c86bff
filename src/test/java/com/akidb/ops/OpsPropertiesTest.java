package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpsPropertiesTest {

    @Test
    void refusesADrainDelayThatIsNegativeOrOverFiveMinutes() {
        for (Duration wrong :
                new Duration[] {Duration.ofMillis(-1), Duration.ofMinutes(5).plusMillis(1)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new OpsProperties(wrong, LogFormat.AUTO, Duration.ZERO))
                    .withMessage("akidb.ops.drain-delay must be from 0s to 5m");
        }
        assertThat(new OpsProperties(Duration.ofMinutes(5), LogFormat.AUTO, Duration.ZERO).drainDelay())
                .hasMinutes(5);
    }

    @Test
    void refusesATrimIntervalThatIsNegativeOrOverAnHour() {
        for (Duration wrong :
                new Duration[] {Duration.ofMillis(-1), Duration.ofHours(1).plusMillis(1)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new OpsProperties(Duration.ZERO, LogFormat.AUTO, wrong))
                    .withMessage("akidb.ops.heap-trim-interval must be from 0s to 1h");
        }
    }
}
