package com.akidb.security;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Tokens for browsers and apps.
 *
 * @param maxLifetime longest time from now to a token's end; one that ends later is refused
 * @param secrets by key id, secrets of applications that make tokens themselves, signed by HS256: at least 32 bytes in base64
 * @param publicKeys by key id, Ed25519 public keys of applications that make tokens themselves, signed by EdDSA: X.509 in base64, with
 *     or without the lines of a PEM file
 */
@ConfigurationProperties("akidb.security.tokens")
public record TokenSettings(
        @DefaultValue("24h") Duration maxLifetime,
        @DefaultValue Map<String, String> secrets,
        @DefaultValue Map<String, String> publicKeys) {

    private static final Duration LONGEST = Duration.ofDays(30);

    public TokenSettings {
        if (maxLifetime.compareTo(Duration.ofSeconds(1)) < 0 || maxLifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("akidb.security.tokens.max-lifetime must be 1s to 30d");
        }
        secrets = Map.copyOf(secrets);
        publicKeys = Map.copyOf(publicKeys);
        TokenKeys.check(secrets, publicKeys);
    }

    /** Whether applications make tokens, so that requests need one, or a key. */
    boolean areMadeElsewhere() {
        return !secrets.isEmpty() || !publicKeys.isEmpty();
    }
}
