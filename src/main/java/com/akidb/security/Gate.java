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
    private final Quota quota;

    Gate(KeyRing keys, Quota quota) {
        this.keys = keys;
        this.quota = quota;
    }

    /**
     * Lets a request in, and counts it.
     *
     * @param authorization values of the header {@code Authorization}
     * @param apiKey values of the header {@code X-API-Key}
     * @param scope what the route needs; null if any key will do
     * @param route as {@link Quota#charge} is told it
     * @return the account of who makes it; without keys at this server everybody is {@link Caller#ANONYMOUS}
     * @throws UnauthenticatedException if a key is needed and none that is valid came
     * @throws ForbiddenException if the key lacks the scope
     * @throws com.akidb.error.OverloadedException if the key made too many requests
     */
    public CallerAccount admit(List<String> authorization, List<String> apiKey, @Nullable Scope scope, String route) {
        Caller caller = Caller.ANONYMOUS;
        if (keys.isRequired()) {
            HeldKey held = keys.find(authorization, apiKey);
            held.takeToken();
            caller = held.caller();
            if (scope != null && !caller.may(scope)) {
                throw new ForbiddenException("This needs an API key with the scope " + scope.wireName() + "; the key "
                        + caller.name() + " has " + names(caller));
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
            return keys.find(authorization, apiKey).caller();
        } catch (UnauthenticatedException unknown) {
            return Caller.UNKNOWN;
        }
    }

    /** Whether requests need a key. */
    public boolean needsKeys() {
        return keys.isRequired();
    }

    private static String names(Caller caller) {
        return caller.scopes().stream().sorted().map(Scope::wireName).collect(Collectors.joining(" and "));
    }
}
