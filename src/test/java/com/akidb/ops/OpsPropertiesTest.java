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
                    .isThrownBy(() -> new OpsProperties(wrong, LogFormat.AUTO))
                    .withMessage("akidb.ops.drain-delay must be from 0s to 5m");
        }
        assertThat(new OpsProperties(Duration.ofMinutes(5), LogFormat.AUTO).drainDelay())
                .hasMinutes(5);
    }
}
