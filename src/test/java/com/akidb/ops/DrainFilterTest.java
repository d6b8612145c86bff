package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class DrainFilterTest {

    private final ServerState state = new ServerState();
    private final AtomicInteger served = new AtomicInteger();

    @Test
    void letsRequestsPassWhileReady() {
        state.advance(ServerState.Stage.READY);
        assertThat(answer("/embed").getResponse().getHeaders().getFirst("Connection"))
                .isNull();
        assertThat(served).hasValue(1);
    }

    @Test
    void servesButSendsClientsElsewhereWhileLeaving() {
        state.advance(ServerState.Stage.LEAVING);
        assertThat(answer("/embed").getResponse().getHeaders().getFirst("Connection"))
                .isEqualTo("close");
        assertThat(served).hasValue(1);
    }

    @Test
    void refusesNewWorkButStillTellsItsHealthWhileDraining() {
        state.advance(ServerState.Stage.DRAINING);
        StepVerifier.create(filter(exchange("/embed")))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                UnavailableException.class,
                                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE)))
                .verify();
        assertThat(served).hasValue(0);
        for (String path : new String[] {"/health", "/health/live", "/metrics"}) {
            answer(path);
        }
        assertThat(served).hasValue(3);
    }

    private MockServerWebExchange answer(String path) {
        MockServerWebExchange exchange = exchange(path);
        filter(exchange).block();
        return exchange;
    }

    private Mono<Void> filter(MockServerWebExchange exchange) {
        return new DrainFilter(state).filter(exchange, passed -> {
            served.incrementAndGet();
            return Mono.empty();
        });
    }

    private static MockServerWebExchange exchange(String path) {
        return MockServerWebExchange.from(MockServerHttpRequest.get(path));
    }
}
