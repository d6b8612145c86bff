package com.akidb.security;

import com.akidb.account.Rights;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import com.akidb.error.Suggestion;
import com.akidb.security.keys.KeyFile;
import com.akidb.security.keys.KeySecret;
import com.akidb.security.keys.KeyUses;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of a data directory, for those who make and revoke them; a server that runs over it follows within a second. */
public final class ApiKeys {

    private final KeyFile file;
    private final Path dataDirectory;
    private final InstantSource clock;

    public ApiKeys(Path dataDirectory, InstantSource clock) {
        this.file = new KeyFile(dataDirectory);
        this.dataDirectory = dataDirectory;
        this.clock = clock;
    }

    /**
     * A new key, whose text is nowhere else.
     *
     * @param text what callers send
     */
    public record Created(ApiKey key, String text) {}

    /** Makes a key to all of the data. */
    public Created create(String name, Set<Scope> scopes, @Nullable Instant expiresAt, @Nullable RequestRate rate) {
        return create(name, scopes, expiresAt, rate, Rights.ALL);
    }

    /**
     * Makes a key.
     *
     * @throws ConflictException if there is one of that name
     */
    public Created create(
            String name, Set<Scope> scopes, @Nullable Instant expiresAt, @Nullable RequestRate rate, Rights rights) {
        Created[] created = new Created[1];
        file.change(keys -> {
            if (keys.stream().anyMatch(key -> key.name().equals(name))) {
                throw new ConflictException(
                        ErrorCode.ALREADY_EXISTS, "There is a key named " + name + " already; revoke it first", "name");
            }
            String id = unusedId(keys);
            String text = KeySecret.newKey(id);
            String hash = HexFormat.of().formatHex(KeySecret.hash(text));
            ApiKey key = new ApiKey(id, name, scopes, hash, clock.instant(), expiresAt, rate, rights);
            created[0] = new Created(key, text);
            List<ApiKey> more = new ArrayList<>(keys);
            more.add(key);
            return more;
        });
        return created[0];
    }

    private static String unusedId(List<ApiKey> keys) {
        String id = KeySecret.newId();
        return keys.stream().anyMatch(key -> key.id().equals(id)) ? unusedId(keys) : id;
    }

    /** All keys, in the order in which they were made. */
    public List<ApiKey> list() {
        return file.read();
    }

    /** When keys were last used, by id, as a server kept it: up to a minute old. */
    public Map<String, Instant> lastUses() {
        return new KeyUses(dataDirectory).read();
    }

    /**
     * Revokes a key.
     *
     * @param nameOrId of the key
     * @return the key that is no more
     * @throws NotFoundException if there is none
     */
    public ApiKey revoke(String nameOrId) {
        ApiKey[] revoked = new ApiKey[1];
        file.change(keys -> {
            revoked[0] = keys.stream()
                    .filter(key -> key.name().equals(nameOrId) || key.id().equals(nameOrId))
                    .findFirst()
                    .orElseThrow(() -> unknown(nameOrId, keys));
            return keys.stream().filter(key -> key != revoked[0]).toList();
        });
        return revoked[0];
    }

    private static NotFoundException unknown(String given, List<ApiKey> keys) {
        List<String> names = keys.stream().map(ApiKey::name).toList();
        return new NotFoundException("There is no key named " + given + Suggestion.hint(given, names));
    }
}
