package com.akidb.security.keys;

import com.akidb.error.AkidbException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.security.ApiKey;
import com.akidb.security.RequestRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that a running server knows. {@link #refresh} brings in what others changed in the file; a file that became
 * unreadable changes nothing. Safe for many threads; looking up never touches the disk.
 */
public final class KeyRing {

    private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

    private final KeyFile file;
    private final KeyUses uses;
    private final boolean alwaysRequired;
    private final @Nullable RequestRate rate;
    private final InstantSource clock;
    private volatile Map<String, HeldKey> byId = Map.of();
    private volatile boolean required;
    private String seen = "";

    /**
     * Reads the keys.
     *
     * @param dataDirectory where they are kept
     * @param alwaysRequired whether requests need a key even while there is none
     * @param rate the limit of keys without one of their own; null for none
     */
    public KeyRing(Path dataDirectory, boolean alwaysRequired, @Nullable RequestRate rate, InstantSource clock) {
        this.file = new KeyFile(dataDirectory);
        this.uses = new KeyUses(dataDirectory);
        this.alwaysRequired = alwaysRequired;
        this.rate = rate;
        this.clock = clock;
        this.required = alwaysRequired;
        seen = stamp();
        hold(file.read());
    }

    /** Whether requests need a key. Once they do, they do until the server ends, also when the last key is revoked. */
    public boolean isRequired() {
        return required;
    }

    /** How many keys there are, expired ones included. */
    public int size() {
        return byId.size();
    }

    /**
     * The key or token that came with a request, as it came.
     *
     * @throws UnauthenticatedException if there is none, none that could be one, or more than one
     */
    public static String presented(List<String> authorization, List<String> apiKey) {
        return KeyHeaders.key(authorization, apiKey);
    }

    /** The key of that id, unless it is not known or has expired; null then. */
    public @Nullable HeldKey byId(String id) {
        HeldKey held = byId.get(id);
        return held == null || held.key().isExpired(clock.instant()) ? null : held;
    }

    /**
     * The key that came with a request.
     *
     * @throws UnauthenticatedException if it is not known or has expired
     */
    public HeldKey find(String presented) {
        String id = KeySecret.idOf(presented);
        HeldKey held = id == null ? null : byId.get(id);
        if (held == null || !held.hasHash(KeySecret.hash(presented))) {
            throw new UnauthenticatedException("The API key is not known; it may have been revoked");
        }
        Instant now = clock.instant();
        if (held.key().isExpired(now)) {
            throw new UnauthenticatedException("The API key " + held.key().name() + " expired at "
                    + held.key().expiresAt());
        }
        held.used(now.toEpochMilli());
        return held;
    }

    /** Reads the file again if it changed since. */
    public synchronized void refresh() {
        String now = stamp();
        if (now.equals(seen)) {
            return;
        }
        try {
            hold(file.read());
            log.info("The API keys changed; there are {} now", byId.size());
        } catch (AkidbException unreadable) {
            log.error("The API keys stay as they were: {}", unreadable.detail());
        }
        seen = now;
    }

    /** Keeps on disk when each key was used last. */
    public synchronized void saveUses() {
        Map<String, Instant> last = new HashMap<>();
        byId.forEach((id, held) -> {
            if (held.lastUseMillis() > 0) {
                last.put(id, Instant.ofEpochMilli(held.lastUseMillis()));
            }
        });
        uses.write(last);
    }

    private void hold(List<ApiKey> keys) {
        Map<String, Instant> last = keys.isEmpty() ? Map.of() : uses.read();
        Map<String, HeldKey> next = new HashMap<>();
        for (ApiKey key : keys) {
            HeldKey before = byId.get(key.id());
            Instant used = last.get(key.id());
            next.put(
                    key.id(),
                    before != null && before.isSameAs(key)
                            ? before
                            : new HeldKey(key, rate, used == null ? 0 : used.toEpochMilli()));
        }
        byId = Map.copyOf(next);
        required = required || alwaysRequired || !next.isEmpty();
    }

    /** What tells one state of the file from another: each change makes a new file. */
    private String stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
        } catch (IOException none) {
            return "none";
        }
    }
}
