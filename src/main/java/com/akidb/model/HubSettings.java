package com.akidb.model;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Hugging Face hub, from which models are downloaded when they are first needed.
 *
 * @param endpoint address of the hub; the environment variable HF_ENDPOINT sets it as well
 * @param token token for gated or private repositories; the environment variable HF_TOKEN sets it as well
 * @param home the Hugging Face home, whose {@code hub} folder is searched before anything is downloaded; the environment
 *     variable HF_HOME sets it as well
 * @param connectTimeout how long connecting may take
 * @param readTimeout how long the hub may stay silent, even in the middle of a file
 * @param attempts number of attempts for a request that fails or makes no progress, 1 to 20
 * @param retryDelay pause after the first failed attempt; doubled after each further one, with random variation
 */
@ConfigurationProperties("akidb.hub")
public record HubSettings(
        @DefaultValue("https://huggingface.co") URI endpoint,
        @DefaultValue("") String token,
        @DefaultValue("~/.cache/huggingface") Path home,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("5") int attempts,
        @DefaultValue("500ms") Duration retryDelay) {

    private static final int MOST_ATTEMPTS = 20;

    public HubSettings {
        if (!String.valueOf(endpoint.getScheme()).matches("https?") || endpoint.getHost() == null) {
            throw new IllegalArgumentException("akidb.hub.endpoint must be an http or https address");
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("akidb.hub.connect-timeout must be positive");
        }
        if (readTimeout.isNegative() || readTimeout.isZero()) {
            throw new IllegalArgumentException("akidb.hub.read-timeout must be positive");
        }
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("akidb.hub.attempts must be 1 to " + MOST_ATTEMPTS);
        }
        if (retryDelay.isNegative()) {
            throw new IllegalArgumentException("akidb.hub.retry-delay must not be negative");
        }
        home = UserHome.resolve(home);
    }

    @Override
    public String toString() {
        return "HubSettings[endpoint=" + endpoint + ", token=" + (token.isEmpty() ? "none" : "set") + "]";
    }
}
