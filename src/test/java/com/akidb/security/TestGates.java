package com.akidb.security;

import com.akidb.security.audit.AuditFile;
import com.akidb.security.keys.KeyRing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** What decides who may do what, over a directory of a test. */
public final class TestGates {

    private TestGates() {}

    /** The gate to a server with the keys that are in the directory now. */
    public static Gate gate(Path data, Quota quota) {
        KeyRing keys = new KeyRing(data, false, null, InstantSource.system());
        return new Gate(keys, tokens(data, keys, InstantSource.system()), quota);
    }

    /** Tokens where no test makes any. */
    static Tokens tokens(KeyRing keys) {
        return tokens(Path.of("target", "no-such-data"), keys, InstantSource.system());
    }

    /** Tokens that the keys of a directory make, and nobody else. */
    static Tokens tokens(Path data, KeyRing keys, InstantSource clock) {
        TokenSettings settings = new TokenSettings(Duration.ofDays(1), Map.of(), Map.of());
        return new Tokens(data, settings, new RevokedTokens(data), keys, null, clock);
    }

    public static Audit audit(Path data) {
        return audit(data.resolve("audit"), 1 << 20);
    }

    /** A log that is on, in files of about this size. */
    static Audit audit(Path directory, long bytes) {
        return new Audit(
                () -> true, new AuditFile(directory, "audit", bytes, 2), new AuditFile(directory, "refused", bytes, 2));
    }
}
