package com.akidb.http;

import reactor.core.publisher.Mono;

/**
 * Answers one route: reads the request, calls one service, renders. Runs on an event loop (or, for a large body, on a
 * virtual thread), so that it must not block there; {@link Call} has the ways to go elsewhere.
 */
@FunctionalInterface
interface Endpoint {
    Mono<Answer> handle(Call call);
}
