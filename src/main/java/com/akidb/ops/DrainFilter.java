package com.akidb.ops;

import com.akidb.error.UnavailableException;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Sends clients elsewhere while the server leaves, and refuses new requests once it drains. */
final class DrainFilter implements WebFilter, Ordered {

    private final ServerState state;

    DrainFilter(ServerState state) {
        this.state = state;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerState.Stage stage = state.stage();
        if (stage == ServerState.Stage.READY) {
            return chain.filter(exchange);
        }
        exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
        if (stage != ServerState.Stage.LEAVING && !isAboutTheServer(exchange)) {
            return Mono.error(new UnavailableException("The server is shutting down"));
        }
        return chain.filter(exchange);
    }

    private static boolean isAboutTheServer(ServerWebExchange exchange) {
        String path = exchange.getRequest().getPath().value();
        return path.equals("/metrics") || path.equals("/health") || path.startsWith("/health/");
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 100;
    }
}
