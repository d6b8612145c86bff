package com.akidb.http.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.TestServer;
import com.akidb.http.sync.ListenTest.Ear;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How many may listen, and for how long without a sign of life. */
class ListenerBoundsTest {

    @Test
    void disconnectsASocketThatIsNotHeardOf() throws Exception {
        try (TestServer impatient = new TestServer("akidb.http.listener-ping=100ms");
                Socket silent = impatient.connect()) {
            silent.getOutputStream().write(ListenTest.HANDSHAKE);
            assertThat(new BufferedReader(new InputStreamReader(silent.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine())
                    .contains("101");
            Awaitility.await().until(() -> impatient.admission.listeners() == 1);
            // It stays connected, and answers no ping.
            Awaitility.await().until(() -> impatient.admission.listeners() == 0);
            assertThat(silent.isClosed()).isFalse();
        }
    }

    @Test
    void keepsASocketThatAnswersPings() throws Exception {
        try (TestServer impatient = new TestServer("akidb.http.listener-ping=100ms");
                Ear ear = new Ear(impatient, "")) {
            for (int heard = 0; heard < 6; heard = ear.pings.get()) {
                Thread.onSpinWait();
            }
            assertThat(impatient.admission.listeners()).isEqualTo(1);
        }
    }

    @Test
    void refusesOneMoreThanMayListen() {
        try (TestServer small = new TestServer("akidb.http.max-listeners=1");
                Ear first = new Ear(small, "")) {
            Awaitility.await().until(() -> small.admission.listeners() == 1);
            assertThat(small.get("/api/v1/sync/events?tables=%5B%5D").status()).isEqualTo(429);
            assertThat(first.messages).isEmpty();
        }
    }
}
