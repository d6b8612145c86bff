package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.importer.Location;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** Holds the code to the rooms that the package descriptions allow. */
class ModularityTests {

    @Test
    void roomsUseOnlyTheRoomsThatTheyName() {
        assertThatCode(() -> ApplicationModules.of(AkidbApplication.class).verify())
                .doesNotThrowAnyException();
    }

    @Test
    void aRoomThatReachesIntoAnotherIsCaught() {
        ApplicationModules wrong = ApplicationModules.of("wrongrooms", (Location location) -> true);
        assertThat(wrong.detectViolations().getMessages())
                .anyMatch(message -> message.contains("kitchen") && message.contains("cellar"));
    }
}
