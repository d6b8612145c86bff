package com.akidb.http.server;

import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Looks at a request before its key is asked for, and may set headers of its answer; without waiting for anything. The beans
 * of this kind are asked in their order.
 */
interface EntryCheck extends Ordered {

    /** @throws com.akidb.error.AkidbException to refuse the request */
    void check(ServerWebExchange exchange);

    /** All checks in one filter: each filter costs a request a link in each of Reactor's chains. */
    record Filter(List<EntryCheck> checks) implements WebFilter, Ordered {

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            for (EntryCheck check : checks) {
                check.check(exchange);
            }
            return chain.filter(exchange);
        }
    }
}
