package com.akidb.http.server;

import io.netty.handler.codec.http.HttpVersion;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Keeps connections of HTTP/1.0 clients open that ask for it, such as ApacheBench's. In that version both sides have to
 * say so; Netty closes the connection unless the answer does.
 */
final class Http10KeepAlive implements WebFilter, Ordered {

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String connection = exchange.getRequest().getHeaders().getFirst(HttpHeaders.CONNECTION);
        if (connection != null && connection.equalsIgnoreCase("keep-alive")) {
            HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
            if (request.version().equals(HttpVersion.HTTP_1_0)) {
                exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "keep-alive");
            }
        }
        return chain.filter(exchange);
    }
}
