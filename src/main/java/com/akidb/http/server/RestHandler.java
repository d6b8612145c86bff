package com.akidb.http.server;

import com.akidb.error.NotFoundException;
import com.akidb.http.HttpSettings;
import com.akidb.http.server.KeyFilter.RequestFacts;
import io.netty.channel.EventLoop;
import java.io.EOFException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/**
 * Answers the routes of {@link RouteTable}, ahead of every other mapping: takes a request through the checks that all routes
 * share, reads its body, and sends what the endpoint answers that {@link KeyFilter} found for it.
 */
final class RestHandler implements HandlerMapping, Ordered {

    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final HttpSettings settings;
    private final RequestTimeouts timeouts;
    private final int largestBody;
    private final Admission admission;
    private final Offload offload;
    private final Repeats repeats;
    private final TableTraffic traffic;
    private final Rounds rounds;

    RestHandler(HttpSettings settings, Admission admission, Offload offload, Repeats repeats, TableTraffic traffic) {
        this.settings = settings;
        this.timeouts = new RequestTimeouts(settings.requestTimeout(), settings.maxRequestTimeout());
        this.largestBody = settings.largestBody();
        this.admission = admission;
        this.offload = offload;
        this.repeats = repeats;
        this.traffic = traffic;
        this.rounds = new Rounds(settings.maxQueueTime(), System::nanoTime);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 100;
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        String method = exchange.getRequest().getMethod().name();
        RouteTable.Match match = KeyFilter.match(exchange);
        if (match == null) {
            return Mono.error(new NotFoundException("There is nothing here"));
        }
        ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                .ifPresent(context -> context.setPathPattern(match.pattern()));
        RouteTable.Route route = match.route(method);
        if (route == null) {
            return Mono.error(HttpFailure.methodNotAllowed(method, allowed(match)));
        }
        Endpoint endpoint = route.endpoint();
        if (endpoint == null) {
            return Mono.empty();
        }
        traffic.count(match);
        boolean hasBody = WITH_BODY.contains(method) || endpoint.extras().contains(Endpoint.Extra.BODY);
        WebHandler handler = current -> handle(current, endpoint, match.variables(), hasBody);
        return Mono.just(handler);
    }

    private static Set<String> allowed(RouteTable.Match match) {
        Set<String> methods = new TreeSet<>(match.byMethod().keySet());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    private Mono<Void> handle(ServerWebExchange exchange, Endpoint endpoint, List<String> variables, boolean hasBody) {
        rounds.require(loop(exchange));
        HttpHeaders headers = exchange.getRequest().getHeaders();
        MediaTypes.requireAcceptable(headers, endpoint.extras());
        timeouts.of(headers, 0); // Refused before the body comes, if it is wrong.
        long begun = System.nanoTime();
        EventLoop loop = loop(exchange);
        if (!hasBody || endpoint.extras().contains(Endpoint.Extra.NO_BODY) && isBodiless(headers)) {
            return work(endpoint, call(exchange, variables, RequestBody.NONE, begun));
        }
        MediaTypes.requireTaken(headers, endpoint.extras());
        RequestBody.Collector collector = new RequestBody.Collector(largestBody, headers.getContentLength(), admission);
        return exchange.getRequest()
                .getBody()
                .collect(() -> collector, RequestBody.Collector::add)
                .timeout(after(settings.bodyTimeout(), loop))
                .onErrorMap(TimeoutException.class, late -> HttpFailure.bodyTooSlow())
                .flatMap(read -> {
                    if (Connections.isBroken(connection(exchange).channel())) {
                        return Mono.error(new EOFException("The request breaks off"));
                    }
                    Call call = call(exchange, variables, read.body(), begun);
                    return read.isLarge() ? workByTurns(endpoint, call, read) : work(endpoint, call);
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

    /** Large bodies one after another: side by side they would fill the heap, and keep small requests from the cores. */
    private Mono<Void> workByTurns(Endpoint endpoint, Call call, RequestBody.Collector body) {
        return Mono.fromFuture(() -> body.turn(admission.turns(), call.loop()))
                .timeout(after(call.timeLeft(), call.loop()))
                .onErrorMap(TimeoutException.class, never -> call.late())
                .then(Mono.defer(() -> work(endpoint, call)));
    }

    private Mono<Void> work(Endpoint endpoint, Call call) {
        admission.enter();
        return answer(endpoint, call)
                .doFinally(signal -> admission.leave())
                .flatMap(ready -> write(ready, call))
                .doFinally(signal -> call.memory().close());
    }

    private Mono<? extends Reply> answer(Endpoint endpoint, Call call) {
        if (endpoint.extras().contains(Endpoint.Extra.ONCE)
                && Repeats.concern(call.exchange().getRequest().getHeaders())) {
            RequestFacts facts = RequestFacts.of(call.exchange());
            if (facts != null) {
                return repeats.once(call, facts, () -> run(endpoint, call));
            }
        }
        return call.body().length() <= RequestBody.SMALL
                ? run(endpoint, call)
                : call.detached(() -> run(endpoint, call));
    }

    /** What is sent bit by bit counts as a request until its end. A whole answer no longer does, but takes memory until its client has it. */
    private Mono<Void> write(Reply reply, Call call) {
        return switch (reply) {
            case Answer answer -> {
                call.memory().holdInstead(answer.length());
                yield answer.writeTo(call.exchange());
            }
            case FileBody file -> counted(file.writeTo(call.exchange()));
            case LineStream stream -> counted(stream.writeTo(call.exchange()));
            case EventStream stream -> listening(stream.writeTo(call.exchange()));
            case Socket socket -> {
                // The answer is over with the handshake, the socket is not.
                admission.requireRoomForListener();
                yield new Socket(session -> listening(socket.handler().handle(session))).writeTo(call.exchange());
            }
        };
    }

    private Mono<Void> counted(Mono<Void> stream) {
        admission.enter();
        return stream.doFinally(signal -> admission.leave());
    }

    /** Whoever listens stays for long and costs little, and so is counted apart. */
    private Mono<Void> listening(Mono<Void> listening) {
        admission.enterListener();
        return listening.doFinally(signal -> admission.leaveListener());
    }

    private static Mono<? extends Reply> run(Endpoint endpoint, Call call) {
        try (MDC.MDCCloseable ignored = MDC.putCloseable(RequestIds.LOG_KEY, RequestIds.of(call.exchange()))) {
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

    static Connection connection(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        return ServerHttpRequestDecorator.getNativeRequest(request);
    }
}
