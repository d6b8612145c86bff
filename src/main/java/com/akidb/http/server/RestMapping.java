package com.akidb.http.server;

import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** Leads a request to the endpoint that {@link KeyFilter} found for it, ahead of every other mapping. */
final class RestMapping implements HandlerMapping, Ordered {

    /** Routes of another room, which would take any other method for an unknown path. */
    private static final Set<String> HEALTH = Set.of("/health", "/health/live", "/health/ready");

    private static final Set<String> READING = new TreeSet<>(Set.of("GET", "HEAD"));

    private final RestHandler handler;

    RestMapping(RestHandler handler) {
        this.handler = handler;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 100;
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        String path = exchange.getRequest().getURI().getRawPath();
        String method = exchange.getRequest().getMethod().name();
        RouteTable.Match match = KeyFilter.match(exchange);
        if (match == null) {
            return HEALTH.contains(path) && !READING.contains(method)
                    ? Mono.error(HttpFailure.methodNotAllowed(method, READING))
                    : Mono.empty();
        }
        ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                .ifPresent(context -> context.setPathPattern(match.pattern()));
        RouteTable.Route route = match.route(method);
        if (route == null) {
            return Mono.error(HttpFailure.methodNotAllowed(method, allowed(match)));
        }
        boolean body = method.equals("POST")
                || method.equals("PUT")
                || method.equals("PATCH")
                || route.endpoint().extras().contains(Endpoint.Extra.BODY);
        WebHandler call = current -> handler.handle(current, route.endpoint(), match.variables(), body);
        return Mono.just(call);
    }

    private static Set<String> allowed(RouteTable.Match match) {
        Set<String> methods = new TreeSet<>(match.byMethod().keySet());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }
}
