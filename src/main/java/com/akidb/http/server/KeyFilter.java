package com.akidb.http.server;

import com.akidb.account.Account;
import com.akidb.account.RequestKey;
import com.akidb.error.AkidbException;
import com.akidb.security.Audit;
import com.akidb.security.AuditEntry;
import com.akidb.security.Caller;
import com.akidb.security.CallerAccount;
import com.akidb.security.Gate;
import com.akidb.security.Scope;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Admits a request by its API key and the scope that its route declares. A request that changes something is written to the
 * audit log before it is answered, and also when it is refused. A key is checked once, when its request arrives: a request
 * that has begun when its key is revoked is still completed.
 */
public final class KeyFilter implements WebFilter, Ordered {

    static final String API_KEY = "X-API-Key";
    private static final String MATCH = KeyFilter.class.getName() + ".match";

    private final RouteTable routes;
    private final Gate gate;
    private final Audit audit;

    KeyFilter(RouteTable routes, Gate gate, Audit audit) {
        this.routes = routes;
        this.gate = gate;
        this.audit = audit;
    }

    /** After what gives an id, drains, and answers browsers' questions about origins. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 200;
    }

    /** Where a request leads to, as it was found here; null if it leads nowhere. */
    static RouteTable.@Nullable Match match(ServerWebExchange exchange) {
        return exchange.getAttribute(MATCH);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        String path = request.getURI().getRawPath();
        String method = request.getMethod().name();
        RouteTable.Match match = routes.find(path);
        if (match != null) {
            exchange.getAttributes().put(MATCH, match);
        }
        RouteTable.Route route = match == null ? null : match.route(method);
        if (route != null && route.scope() == null) {
            return chain.filter(exchange);
        }
        Scope scope = route == null ? null : route.scope();
        String name = method + " " + (match == null ? path : match.pattern());
        boolean reads = route == null
                || (route.scope() == Scope.READ && !route.has(Endpoint.Extra.AUDITED))
                || request.getMethod() == HttpMethod.GET
                || request.getMethod() == HttpMethod.HEAD;
        boolean audited = !reads && audit.isOn();
        HttpHeaders headers = request.getHeaders();
        List<String> authorization = route != null && route.has(Endpoint.Extra.SOCKET)
                ? Socket.authorization(headers)
                : headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        List<String> apiKey = headers.getOrEmpty(API_KEY);
        RequestFacts facts;
        try {
            facts = new RequestFacts(
                    gate.admit(authorization, apiKey, scope, name, route == null || route.has(Endpoint.Extra.LIMITED)),
                    target(match));
        } catch (AkidbException refused) {
            if (audited) {
                String status = "" + Problem.of(refused).status().value();
                AuditEntry entry = entry(
                        exchange, new RequestFacts(gate.callerOf(authorization, apiKey), name, target(match)), status);
                audit.refused(entry, refused.code(), request.getRemoteAddress());
            }
            return Mono.error(refused);
        }
        facts.attachTo(exchange);
        return audited ? audited(exchange, facts, chain) : chain.filter(exchange);
    }

    private static @Nullable String target(RouteTable.@Nullable Match match) {
        return match == null || match.variables().isEmpty()
                ? null
                : match.variables().getFirst();
    }

    private Mono<Void> audited(ServerWebExchange exchange, RequestFacts facts, WebFilterChain chain) {
        EventLoop loop = RestHandler.loop(exchange);
        exchange.getResponse().beforeCommit(() -> {
            HttpStatusCode status = exchange.getResponse().getStatusCode();
            CompletableFuture<Void> written =
                    audit.write(entry(exchange, facts, status == null ? "200" : "" + status.value()));
            return written.isDone()
                    ? Mono.empty()
                    : Mono.create(sink -> written.whenCompleteAsync((done, failure) -> sink.success(), loop));
        });
        return chain.filter(exchange).doOnCancel(() -> {
            if (!exchange.getResponse().isCommitted()) {
                var unused = audit.write(entry(exchange, facts, "cancelled"));
            }
        });
    }

    private static AuditEntry entry(ServerWebExchange exchange, RequestFacts facts, String outcome) {
        return new AuditEntry(
                Instant.now(),
                facts.caller(),
                RequestIds.of(exchange),
                facts.route(),
                facts.target(),
                facts.items(),
                outcome);
    }

    /** Who makes a request, and what its endpoint learned about it, for the audit log. */
    static final class RequestFacts {

        private static final String ATTRIBUTE = RequestFacts.class.getName();

        private final Caller caller;
        private final String route;
        private final @Nullable CallerAccount account;
        private volatile @Nullable String target;
        private volatile @Nullable Once once;

        /**
         * What a repeat of a request is known by.
         *
         * @param id the same for the same key, caller and route
         * @param fingerprint the same for the same query and body
         */
        record Once(String id, String fingerprint) {}

        /** @param target the table or collection, if the path names it */
        RequestFacts(CallerAccount account, @Nullable String target) {
            this.caller = account.caller();
            this.route = account.route();
            this.account = account;
            this.target = target;
        }

        /** A request that was refused: nothing of it is done. */
        RequestFacts(Caller caller, String route, @Nullable String target) {
            this.caller = caller;
            this.route = route;
            this.account = null;
            this.target = target;
        }

        void attachTo(ServerWebExchange exchange) {
            exchange.getAttributes().put(ATTRIBUTE, this);
        }

        /** The facts of a request; null if its route is open. */
        static @Nullable RequestFacts of(ServerWebExchange exchange) {
            return exchange.getAttribute(ATTRIBUTE);
        }

        void concerns(String name) {
            target = name;
        }

        /** Has what is written happen once. */
        void happensOnce(Once key) {
            once = key;
        }

        /** Says what is answered for a service's outcome, to be kept with what is written if that happens once. */
        void answers(Function<@Nullable Object, byte[]> answer) {
            Once key = once;
            if (key != null && account != null) {
                account.requestKey(new RequestKey(key.id, key.fingerprint, answer));
            }
        }

        /** The account that the request is charged to. */
        Account account() {
            return account == null ? Account.SERVER : account;
        }

        Caller caller() {
            return caller;
        }

        String route() {
            return route;
        }

        @Nullable
        String target() {
            return target;
        }

        @Nullable
        Long items() {
            return account == null ? null : account.rows();
        }
    }
}
