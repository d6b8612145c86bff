package com.akidb.http.server;

import java.io.EOFException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** Answers every failure of every route, and logs those that are the server's. */
final class ErrorHandler implements WebExceptionHandler, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ErrorHandler.class);

    /** Before Spring Boot's own, which is at -1. */
    @Override
    public int getOrder() {
        return -2;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        Problem problem = Problem.of(failure);
        boolean gone = isGone(exchange, failure);
        if (!gone && problem.status().is5xxServerError()) {
            log(exchange, problem, failure);
        }
        // What is not answered ends here all the same: handed on, it would be logged with its stack trace.
        if (response.isCommitted()) {
            // The client has a part of the answer, and learns by the end of the connection that it is not all.
            RestHandler.connection(exchange).channel().close();
            return Mono.empty();
        }
        if (gone) {
            response.setStatusCode(HttpStatus.BAD_REQUEST);
            return Mono.empty();
        }
        HttpHeaders headers = exchange.getRequest().getHeaders();
        Answer answer;
        if (exchange.getRequest().getPath().value().startsWith("/v1/")) {
            answer = problem.asOpenAi();
        } else if (MediaTypes.prefersText(headers)) {
            answer = problem.asText();
        } else {
            answer = problem.asProblemDetails();
        }
        return answer.writeTo(exchange);
    }

    /** Whether the client left, or broke the protocol: nobody hears an answer, and the log is not for strangers to fill. */
    private static boolean isGone(ServerWebExchange exchange, Throwable failure) {
        return failure instanceof EOFException
                || failure instanceof AbortedException
                || AbortedException.isConnectionReset(failure)
                // Reactor Netty has answered a broken request and closed, so that our own answer failed.
                || failure instanceof IllegalStateException
                        && !RestHandler.connection(exchange).channel().isActive();
    }

    private static void log(ServerWebExchange exchange, Problem problem, Throwable failure) {
        try (MDC.MDCCloseable ignored = MDC.putCloseable(RequestIds.LOG_KEY, RequestIds.of(exchange))) {
            boolean fault = problem.status().value() == 500;
            String method = exchange.getRequest().getMethod().name();
            String path = exchange.getRequest().getPath().value();
            if (fault) {
                log.error("{} {} failed with {}", method, path, problem.code(), failure);
            } else {
                log.warn("{} {} answered with {}: {}", method, path, problem.code(), problem.detail());
            }
        }
    }
}
