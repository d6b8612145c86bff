package com.akidb.http.server;

import com.akidb.error.NotFoundException;
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
        boolean body = method.equals("POST")
                || method.equals("PUT")
                || method.equals("PATCH")
                || endpoint.extras().contains(Endpoint.Extra.BODY);
        WebHandler call = current -> handler.handle(current, endpoint, match.variables(), body);
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
