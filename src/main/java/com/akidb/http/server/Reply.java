package com.akidb.http.server;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What an endpoint answers. */
public sealed interface Reply permits Answer, FileBody, LineStream, EventStream, Socket {

    /** Sends it; completes when all of it is on its way. */
    Mono<Void> writeTo(ServerWebExchange exchange);
}
