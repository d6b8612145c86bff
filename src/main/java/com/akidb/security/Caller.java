package com.akidb.security;

import com.akidb.account.Rights;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request.
 *
 * @param id of the API key; {@code anonymous} where none is needed. With a token, the id of the key that made it, a slash, and the
 *     token's subject: the same for all tokens of a subject
 * @param name of the API key; {@code anonymous} where none is needed. With a token, as the id has it
 * @param scopes what it may do
 * @param rights to what of the data
 * @param token null if the caller came with a key, or without
 */
public record Caller(
        String id,
        String name,
        Set<Scope> scopes,
        Rights rights,
        @Nullable Token token) {

    private static final String NOBODY = "anonymous";

    /** Everybody, at a server without keys. */
    public static final Caller ANONYMOUS = new Caller(NOBODY, NOBODY, Set.of(Scope.READ, Scope.WRITE, Scope.ADMIN));

    /** Somebody without a valid key, at a server that needs one. */
    public static final Caller UNKNOWN = new Caller("unknown", "unknown", Set.of());

    /**
     * The token that a caller came with.
     *
     * @param keyId of the API key, or of the key in the settings, that made it
     * @param expiresAt from when on it is refused
     */
    public record Token(String keyId, Instant expiresAt) {}

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** A caller that may see all of the data. */
    public Caller(String id, String name, Set<Scope> scopes) {
        this(id, name, scopes, Rights.ALL, null);
    }

    /** Whether the caller came with a key or a token. */
    public boolean hasKey() {
        return !id.equals(NOBODY);
    }

    /** Whether the caller may do what needs a scope; {@link Scope#ADMIN} may do everything. */
    public boolean may(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }
}
