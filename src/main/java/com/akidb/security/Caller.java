package com.akidb.security;

import java.util.Set;

/**
 * Who makes a request.
 *
 * @param id of the API key; {@code anonymous} where none is needed
 * @param name of the API key; {@code anonymous} where none is needed
 * @param scopes what it may do
 */
public record Caller(String id, String name, Set<Scope> scopes) {

    private static final String NOBODY = "anonymous";

    /** Everybody, at a server without keys. */
    public static final Caller ANONYMOUS = new Caller(NOBODY, NOBODY, Set.of(Scope.READ, Scope.WRITE, Scope.ADMIN));

    /** Somebody without a valid key, at a server that needs one. */
    public static final Caller UNKNOWN = new Caller("unknown", "unknown", Set.of());

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** Whether the caller came with a key. */
    public boolean hasKey() {
        return !id.equals(NOBODY);
    }

    /** Whether the caller may do what needs a scope; {@link Scope#ADMIN} may do everything. */
    public boolean may(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }
}
