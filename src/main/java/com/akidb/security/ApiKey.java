package com.akidb.security;

import com.akidb.account.Rights;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is kept: what it may do, and the hash by which it is known again. The key itself is not in here.
 *
 * @param id 8 letters and digits, also in the key itself, so that a leaked one can be named and revoked
 * @param name for people, 1 to 64 letters, digits and {@code . _ -}; no two keys of a server have the same
 * @param scopes at least one
 * @param hash SHA-256 of the key, 64 hexadecimal digits
 * @param createdAt when it was made
 * @param expiresAt from when on it is refused; null for never
 * @param rate its own limit of requests; null where the server's holds
 * @param rights to what of the data; a key for administration has a right to everything
 */
public record ApiKey(
        String id,
        String name,
        Set<Scope> scopes,
        String hash,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable RequestRate rate,
        Rights rights) {

    private static final Pattern ID = Pattern.compile("[a-z0-9]{8}");
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._-]{1,64}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public ApiKey {
        require(ID.matcher(id).matches(), "id", "must be 8 lower-case letters and digits");
        require(NAME.matcher(name).matches(), "name", "must be 1 to 64 letters, digits and . _ -");
        require(HASH.matcher(hash).matches(), "hash", "must be 64 hexadecimal digits");
        require(!scopes.isEmpty(), "scopes", "must be at least one of read, write, admin");
        require(
                !rights.areLimited() || !scopes.contains(Scope.ADMIN),
                "tables",
                "cannot be limited for a key with the scope admin, which may do everything");
        scopes = Set.copyOf(scopes);
    }

    /** Whether it is too old to be used at that time. */
    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " " + rule, field);
        }
    }
}
