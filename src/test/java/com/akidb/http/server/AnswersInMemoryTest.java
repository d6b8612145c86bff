package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import org.junit.jupiter.api.Test;

/** Answers that wait for clients which do not read them. */
class AnswersInMemoryTest {

    @Test
    void leaveNothingBehindWhenTheyAreRead() {
        try (TestServer server = new TestServer()) {
            server.get("/collections");
            server.get("/");
            server.get("/nowhere");
            while (server.admission.answers() > 0) {
                Thread.onSpinWait();
            }
            assertThat(server.admission.answers()).isZero();
        }
    }
}
