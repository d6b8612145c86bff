package com.akidb.http.server;

import com.akidb.account.Account;
import com.akidb.security.Caller;
import com.akidb.security.CallerAccount;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** Who makes a request, and what its endpoint learned about it, for the audit log. */
final class RequestFacts {

    private static final String ATTRIBUTE = RequestFacts.class.getName();

    private final Caller caller;
    private final String route;
    private final @Nullable CallerAccount account;
    private volatile @Nullable String target;

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

    /** Whom the request is charged to. */
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
