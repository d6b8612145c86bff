package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.http.RawHttp;
import com.akidb.http.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void areRefusedWhenClientsDoNotReadWhatThereIsButSmallOnesAreNot() throws IOException {
        try (TestServer server = new TestServer("akidb.http.max-buffered-answers=32MB")) {
            server.post("/collections", "{\"name\": \"big\", \"dimension\": 2}");
            String text = "a".repeat(1_000_000);
            for (int id = 0; id < 10; id++) {
                assertThat(server.post(
                                        "/collections/big/documents",
                                        "{\"id\": \"" + id + "\", \"vector\": [1, 2], \"text\": \"" + text + "\"}")
                                .status())
                        .isEqualTo(201);
            }
            server.post("/collections/big/documents", "{\"id\": \"small\", \"vector\": [1, 2], \"text\": \"a\"}");
            String list = "/collections/big/documents?limit=8";

            // The system's buffers take the first ones of each client.
            String requests = ("GET " + list + " HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(5);
            List<RawHttp> silent = new ArrayList<>();
            TestServer.Reply refused = server.get(list);
            while (refused.status() == 200 && silent.size() < 20) {
                silent.add(new RawHttp(server, 4096).send(requests));
                refused = server.get(list);
            }
            assertThat(refused.code()).isEqualTo("OVERLOADED");
            assertThat(refused.json().path("detail").asString()).contains("clients have not read");
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(server.get("/collections/big/documents/small").status()).isEqualTo(200);

            for (RawHttp client : silent) {
                client.close();
            }
            while (server.admission.answers() > 0) {
                Thread.onSpinWait();
            }
            assertThat(server.get(list).status()).isEqualTo(200);
        }
    }
}
