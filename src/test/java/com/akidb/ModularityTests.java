package com.akidb;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** Holds the code to the rooms that the package descriptions allow. */
class ModularityTests {

    @Test
    void roomsUseOnlyTheRoomsThatTheyName() {
        assertThatCode(() -> ApplicationModules.of(AkidbApplication.class).verify())
                .doesNotThrowAnyException();
    }
}
