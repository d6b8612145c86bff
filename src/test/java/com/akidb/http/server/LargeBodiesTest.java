package com.akidb.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.http.RawHttp;
import com.akidb.http.TestServer;
import com.akidb.memory.MemoryBudget;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/** Request bodies that are so large that they wait for their turn. */
class LargeBodiesTest {

    private static final String DOCUMENTS = "/collections/c/documents";

    @Test
    void passByTurnsInTheOrderInWhichTheyCame() {
        Turns turns = new Turns(10);
        List<String> begun = new ArrayList<>();
        Turns.Turn first = begin(turns, 6, "first", begun);
        Turns.Turn second = begin(turns, 5, "second", begun);
        Turns.Turn third = begin(turns, 1, "third", begun);
        assertThat(begun).as("the small one does not overtake").containsExactly("first");

        first.close();
        first.close();

        assertThat(begun).containsExactly("first", "second", "third");
        begin(turns, 5, "fourth", begun);
        assertThat(begun).hasSize(3);
        second.close();
        assertThat(begun).endsWith("fourth");
        third.close();
    }

    @Test
    void haveTheirTurnAloneIfTheyWeighMoreThanAllMay() {
        Turns turns = new Turns(10);
        List<String> begun = new ArrayList<>();
        Turns.Turn huge = begin(turns, 1_000, "huge", begun);
        begin(turns, 1, "small", begun);
        assertThat(begun).containsExactly("huge");
        huge.close();
        assertThat(begun).containsExactly("huge", "small");
    }

    @Test
    void leaveTheLineWhenNobodyWaitsAnyMore() {
        Turns turns = new Turns(10);
        List<String> begun = new ArrayList<>();
        Turns.Turn first = begin(turns, 10, "first", begun);
        Turns.Turn gone = begin(turns, 10, "gone", begun);
        begin(turns, 10, "last", begun);

        gone.close();
        first.close();

        assertThat(begun).containsExactly("first", "last");
    }

    private static Turns.Turn begin(Turns turns, long weight, String name, List<String> begun) {
        Turns.Turn turn = turns.take(weight);
        turn.begun().thenRun(() -> begun.add(name));
        return turn;
    }

    @Test
    void areReadAsTheyCameHoweverTheyAreCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            byte[] sent = new byte[random.nextInt(3 * RequestBody.SMALL)];
            random.nextBytes(sent);
            RequestBody.Collector body = collector(random.nextBoolean() ? sent.length : -1);
            for (int at = 0; at < sent.length; ) {
                int count = Math.min(1 + random.nextInt(random.nextBoolean() ? 10 : 70_000), sent.length - at);
                body.add(new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT)
                        .allocateBuffer(count)
                        .write(sent, at, count));
                at += count;
            }
            assertThat(body.body().length()).as("seed " + seed).isEqualTo(sent.length);
            assertThat(body.body().bytes()).as("seed " + seed).startsWith(sent);
            assertThat(body.body().bytes()).as("again, seed " + seed).startsWith(sent);
            body.close();
        }
    }

    @Test
    void areNotReadWhenTheRequestIsOver() {
        RequestBody.Collector body = collector(-1);
        body.add(new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT)
                .allocateBuffer(100_000)
                .write(new byte[100_000]));
        body.close();
        assertThatThrownBy(() -> body.body().bytes()).isInstanceOf(CancellationException.class);
    }

    private static RequestBody.Collector collector(long declared) {
        MemoryBudget memory = new MemoryBudget(1 << 20);
        return new RequestBody.Collector(1 << 20, declared, new Admission(1, 1, memory, memory));
    }

    @Test
    void waitForTheirTurnNoLongerThanTheirTimeWhileSmallOnesPass() {
        try (TestServer server = new TestServer()) {
            server.post("/collections", "{\"name\": \"c\", \"dimension\": 2}");
            String large = document("large", "é".repeat(600_000));
            Turns.Turn other = server.admission.turns().take(Long.MAX_VALUE / 2);

            TestServer.Reply late = server.send(server.to(DOCUMENTS)
                    .header("Content-Type", "application/json")
                    .header("X-Request-Timeout", "0.2")
                    .POST(HttpRequest.BodyPublishers.ofString(large)));
            assertThat(late.status()).isEqualTo(504);
            assertThat(late.code()).isEqualTo("DEADLINE_EXCEEDED");
            CompletableFuture<TestServer.Reply> waiting =
                    CompletableFuture.supplyAsync(() -> server.post(DOCUMENTS, large));
            assertThat(server.post(DOCUMENTS, document("small", "a")).status()).isEqualTo(201);
            assertThat(server.get(DOCUMENTS + "/large").status()).isEqualTo(404);

            other.close();
            assertThat(waiting.join().status()).isEqualTo(201);
        }
    }

    private static String document(String id, String text) {
        return "{\"id\": \"" + id + "\", \"vector\": [1, 2], \"text\": \"" + text + "\"}";
    }

    @Test
    void areRefusedBeforeTheyComeWhenTheBodiesOfOthersLeaveNoRoom() throws IOException {
        try (TestServer server = new TestServer("akidb.http.max-buffered-bodies=16MB");
                RawHttp slow = new RawHttp(server);
                RawHttp late = new RawHttp(server)) {
            slow.send(head(15_000_000)).send(" ".repeat(8_000_000));
            while (server.admission.bytes() < 8_000_000) {
                Thread.onSpinWait();
            }
            assertThat(late.send(head(8_000_000)).reply().statusLine()).contains(" 429 ");
        }
    }

    private static String head(int length) {
        return "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + length
                + "\r\n\r\n";
    }
}
