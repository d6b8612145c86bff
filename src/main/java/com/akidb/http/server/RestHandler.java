package com.akidb.http.server;

import com.akidb.http.HttpSettings;
import io.netty.channel.EventLoop;
import java.io.EOFException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.MDC;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** Takes a request through the checks that all routes share, reads its body, and sends what its endpoint answers. */
final class RestHandler {

    /** Bodies up to this size are read on the event loop, where that takes less than handing them over. */
    private static final int SMALL_BODY = 64 * 1024;

    private final HttpSettings settings;
    private final RequestTimeouts timeouts;
    private final Admission admission;
    private final Offload offload;

    RestHandler(HttpSettings settings, Admission admission, Offload offload) {
        this.settings = settings;
        this.timeouts = new RequestTimeouts(settings.requestTimeout(), settings.maxRequestTimeout());
        this.admission = admission;
        this.offload = offload;
    }

    Mono<Void> handle(ServerWebExchange exchange, Endpoint endpoint, List<String> variables, boolean hasBody) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        MediaTypes.requireAcceptable(headers, endpoint.extras());
        timeouts.of(headers, 0); // Refused before the body comes, if it is wrong.
        long begun = System.nanoTime();
        EventLoop loop = loop(exchange);
        if (!hasBody || endpoint.extras().contains(Endpoint.Extra.NO_BODY) && isBodiless(headers)) {
            return work(endpoint, call(exchange, variables, RequestBody.NONE, begun));
        }
        MediaTypes.requireJson(headers, endpoint.extras().contains(Endpoint.Extra.LINES_IN));
        BodyCollector collector = new BodyCollector(settings.largestBody(), headers.getContentLength(), admission);
        return exchange.getRequest()
                .getBody()
                .collect(() -> collector, BodyCollector::add)
                .timeout(after(settings.bodyTimeout(), loop))
                .onErrorMap(TimeoutException.class, late -> HttpFailure.bodyTooSlow())
                .flatMap(read -> {
                    if (BrokenRequests.on(connection(exchange).channel())) {
                        return Mono.error(new EOFException("The request breaks off"));
                    }
                    return work(endpoint, call(exchange, variables, read.body(), begun));
                })
                .doFinally(signal -> collector.close());
    }

    private Call call(ServerWebExchange exchange, List<String> variables, RequestBody body, long begun) {
        Duration timeout = timeouts.of(exchange.getRequest().getHeaders(), body.length());
        long deadline = begun + timeout.toNanos();
        return new Call(exchange, variables, body, timeout, deadline, loop(exchange), offload, admission.answer());
    }

    private static boolean isBodiless(HttpHeaders headers) {
        return headers.getContentLength() <= 0
                && !headers.containsHeader(HttpHeaders.CONTENT_TYPE)
                && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }

    private Mono<Void> work(Endpoint endpoint, Call call) {
        admission.enter();
        Mono<? extends Reply> answer =
                call.body().length() <= SMALL_BODY ? run(endpoint, call) : call.detached(() -> run(endpoint, call));
        return answer.doFinally(signal -> admission.leave())
                .flatMap(ready -> write(ready, call))
                .doFinally(signal -> call.memory().close());
    }

    /** A stream is work until its end; a whole answer is none any more, but takes memory until its client has it. */
    private Mono<Void> write(Reply reply, Call call) {
        if (reply instanceof Answer answer) {
            call.memory().holdInstead(answer.body().capacity());
            return answer.writeTo(call.exchange());
        }
        admission.enter();
        return reply.writeTo(call.exchange()).doFinally(signal -> admission.leave());
    }

    private static Mono<? extends Reply> run(Endpoint endpoint, Call call) {
        try (MDC.MDCCloseable ignored =
                MDC.putCloseable(RequestIdFilter.LOG_KEY, RequestIdFilter.of(call.exchange()))) {
            return call.memory().during(() -> endpoint.handle(call));
        } catch (RuntimeException | Error e) {
            // As a signal: some errors that are thrown through Reactor reach nobody who would answer.
            return Mono.error(e);
        }
    }

    /** Completes after a time, on the event loop, where timers cost next to nothing. */
    private static Mono<Void> after(Duration time, EventLoop loop) {
        return Mono.create(sink -> {
            Future<?> timer = loop.schedule(() -> sink.success(), time.toMillis(), TimeUnit.MILLISECONDS);
            sink.onDispose(() -> timer.cancel(false));
        });
    }

    /** The event loop of a request's connection. */
    static EventLoop loop(ServerWebExchange exchange) {
        return connection(exchange).channel().eventLoop();
    }

    private static Connection connection(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        return ServerHttpRequestDecorator.getNativeRequest(request);
    }
}
