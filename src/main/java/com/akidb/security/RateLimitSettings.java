package com.akidb.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many requests each API key may make that has no limit of its own.
 *
 * @param requestsPerSecond average rate that each caller may keep up, up to 1000000; 0 for no limit
 * @param burst number of requests allowed at once after a pause, 1 to 1000000; 0 for twice the requests per second
 */
@ConfigurationProperties("akidb.security.rate-limit")
public record RateLimitSettings(
        @DefaultValue("0") double requestsPerSecond,
        @DefaultValue("0") int burst) {

    private static final int MOST = 1_000_000;

    public RateLimitSettings {
        if (!(requestsPerSecond >= 0 && requestsPerSecond <= MOST)) {
            throw new IllegalArgumentException("akidb.security.rate-limit.requests-per-second must be 0 to 1000000");
        }
        if (burst < 0 || burst > MOST) {
            throw new IllegalArgumentException("akidb.security.rate-limit.burst must be 0 to 1000000");
        }
    }

    @Nullable
    RequestRate rate() {
        if (requestsPerSecond == 0) {
            return null;
        }
        int twice = (int) Math.clamp(Math.ceil(2 * requestsPerSecond), 1, MOST);
        return new RequestRate(requestsPerSecond, burst == 0 ? twice : burst);
    }
}
