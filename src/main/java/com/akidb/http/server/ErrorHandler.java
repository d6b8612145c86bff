package com.akidb.http.server;

import java.io.EOFException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
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
        if (exchange.getResponse().isCommitted() || isGone(failure)) {
            // Nobody hears an answer any more.
            return Mono.error(failure);
        }
        Problem problem = Problems.of(failure);
        if (problem.status().is5xxServerError()) {
            log(exchange, problem, failure);
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

    /** Whether the client left: nobody hears an answer, and the log is not for strangers to fill. */
    private static boolean isGone(Throwable failure) {
        return failure instanceof EOFException || AbortedException.isConnectionReset(failure);
    }

    private static void log(ServerWebExchange exchange, Problem problem, Throwable failure) {
        try (MDC.MDCCloseable ignored = MDC.putCloseable(RequestIdFilter.LOG_KEY, RequestIdFilter.of(exchange))) {
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
