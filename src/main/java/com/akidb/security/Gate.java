package com.akidb.security;

import com.akidb.error.ForbiddenException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.security.keys.HeldKey;
import com.akidb.security.keys.KeyRing;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets requests in or refuses them, by the key that came with them. Safe for many threads; never blocks. */
public final class Gate {

    private final KeyRing keys;
    private final Tokens tokens;
    private final Quota quota;

    Gate(KeyRing keys, Tokens tokens, Quota quota) {
        this.keys = keys;
        this.tokens = tokens;
        this.quota = quota;
    }

    /**
     * Lets a request in, and counts it.
     *
     * @param authorization values of the header {@code Authorization}
     * @param apiKey values of the header {@code X-API-Key}
     * @param scope what the route needs; null if any key will do
     * @param route as {@link Quota#charge} is told it
     * @param openToLimited whether it is for callers who may see only a part of the data
     * @return the account of who makes it; without keys at this server everybody is {@link Caller#ANONYMOUS}
     * @throws UnauthenticatedException if a key is needed and none that is valid came
     * @throws ForbiddenException if the key lacks the scope, or may see only a part of the data and the route is not for such
     * @throws com.akidb.error.OverloadedException if the key made too many requests
     */
    public CallerAccount admit(
            List<String> authorization,
            List<String> apiKey,
            @Nullable Scope scope,
            String route,
            boolean openToLimited) {
        Caller caller = Caller.ANONYMOUS;
        if (keys.isRequired()) {
            String presented = KeyRing.presented(authorization, apiKey);
            if (Tokens.isToken(presented)) {
                caller = tokens.admit(presented);
            } else {
                HeldKey held = keys.find(presented);
                held.takeToken();
                caller = held.caller();
            }
            if (scope != null && !caller.may(scope)) {
                throw new ForbiddenException("This needs an API key with the scope " + scope.wireName() + "; the key "
                        + caller.name() + " has " + names(caller));
            }
            if (caller.rights().areLimited() && !openToLimited) {
                throw new ForbiddenException(
                        "This is not for keys and tokens that may see only some tables, or parts of"
                                + " them: it would tell of others");
            }
        }
        quota.charge(caller, route, Quota.Unit.REQUESTS, 1);
        return new CallerAccount(quota, caller, route);
    }

    /** Who makes a request that was refused, as far as its key tells; {@link Caller#UNKNOWN} without a valid one. */
    public Caller callerOf(List<String> authorization, List<String> apiKey) {
        if (!keys.isRequired()) {
            return Caller.ANONYMOUS;
        }
        try {
            String presented = KeyRing.presented(authorization, apiKey);
            return Tokens.isToken(presented)
                    ? tokens.caller(presented)
                    : keys.find(presented).caller();
        } catch (UnauthenticatedException unknown) {
            return Caller.UNKNOWN;
        }
    }

    /** Whether a caller that was let in would be let in now: its key or token may have ended since. */
    public boolean stillAdmits(Caller caller) {
        if (!keys.isRequired()) {
            return true;
        }
        Caller.Token token = caller.token();
        return token == null ? keys.byId(caller.id()) != null : tokens.isStillValid(token);
    }

    /** Whether requests need a key. */
    public boolean needsKeys() {
        return keys.isRequired();
    }

    private static String names(Caller caller) {
        return caller.scopes().stream().sorted().map(Scope::wireName).collect(Collectors.joining(" and "));
    }
}
