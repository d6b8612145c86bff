package com.akidb.http.server;

import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Server-sent events (the HTML standard's {@code text/event-stream}), each sent at once.
 *
 * @param events in the form of the standard, with the empty line behind them
 */
public record EventStream(Flux<String> events) implements Reply {

    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, MediaType.TEXT_EVENT_STREAM_VALUE);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
        return response.writeAndFlushWith(
                events.map(event -> Mono.just(response.bufferFactory().wrap(event.getBytes(StandardCharsets.UTF_8)))));
    }
}
