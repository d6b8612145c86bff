package com.akidb.security;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which pages of other origins browsers may let use this server.
 *
 * @param allowedOrigins origins of pages that may call the server, such as {@code https://app.example.org}, exactly
 *     as browsers send them, or {@code *} for all; none by default
 */
@ConfigurationProperties("akidb.security.cors")
public record CorsSettings(@DefaultValue List<String> allowedOrigins) {

    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^/?#\\s@]+");

    public CorsSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException("akidb.security.cors.allowed-origins must be origins such as"
                        + " https://app.example.org, without a path, is '" + origin + "'");
            }
        }
    }
}
