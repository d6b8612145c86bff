package com.akidb.http.server;

import com.akidb.error.ForbiddenException;
import com.akidb.security.CorsSettings;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;

/** Lets browsers know which pages of other origins may use this server, and refuses the requests of all others. */
final class CorsOrigins {

    private static final Duration KEPT = Duration.ofHours(1);

    private CorsOrigins() {}

    static CorsWebFilter filter(CorsSettings settings) {
        CorsConfiguration rules = new CorsConfiguration();
        rules.setAllowedOrigins(settings.allowedOrigins());
        rules.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        rules.setAllowedHeaders(List.of(
                HttpHeaders.AUTHORIZATION,
                HttpHeaders.CONTENT_TYPE,
                KeyFilter.API_KEY,
                Repeats.HEADER,
                RequestIds.HEADER,
                RequestTimeouts.HEADER));
        rules.setExposedHeaders(
                List.of(KeptAnswer.REPLAYED, RequestIds.HEADER, HttpHeaders.RETRY_AFTER, HttpHeaders.LOCATION));
        rules.setMaxAge(KEPT);
        return new CorsWebFilter(exchange -> rules, new Refusing());
    }

    /** Says why, in the form of all errors. */
    private static final class Refusing extends DefaultCorsProcessor {
        @Override
        protected void rejectRequest(ServerHttpResponse response) {
            throw new ForbiddenException("Pages of this origin may not use this server;"
                    + " akidb.security.cors.allowed-origins names those that may");
        }
    }
}
