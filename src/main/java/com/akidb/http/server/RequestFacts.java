package com.akidb.http.server;

import com.akidb.security.Caller;
import com.akidb.security.Gate;
import com.akidb.security.Quota;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** Who makes a request, and what its endpoint learned about it: for quotas, and for the audit log. */
final class RequestFacts {

    private static final String ATTRIBUTE = RequestFacts.class.getName();

    private final Gate gate;
    private final Caller caller;
    private final String route;
    private volatile @Nullable String target;
    private volatile @Nullable Long items;

    /** @param target the table or collection, if the path names it */
    RequestFacts(Gate gate, Caller caller, String route, @Nullable String target) {
        this.gate = gate;
        this.caller = caller;
        this.route = route;
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

    void counts(long rows) {
        items = rows;
    }

    void charge(Quota.Unit unit, long amount) {
        gate.charge(caller, route, unit, amount);
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
        return items;
    }
}
