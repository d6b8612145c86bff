package com.akidb.http.server;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;

/**
 * Gives every request an id, which the answer repeats and log lines carry. A client's own id is kept if it is 1 to 128
 * letters, digits and {@code . _ : / + = -}; any other is replaced, so that nothing forged gets into logs.
 */
final class RequestIds implements EntryCheck {

    static final String HEADER = "X-Request-Id";
    static final String LOG_KEY = "requestId";
    private static final String ATTRIBUTE = RequestIds.class.getName();
    private static final int LONGEST = 128;

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void check(ServerWebExchange exchange) {
        String given = exchange.getRequest().getHeaders().getFirst(HEADER);
        String id = isUsable(given) ? given : make();
        exchange.getAttributes().put(ATTRIBUTE, id);
        exchange.getResponse().getHeaders().set(HEADER, id);
    }

    /** The id of a request. */
    static String of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, "none");
    }

    private static String make() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return hex(random.nextLong()) + hex(random.nextLong());
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    private static boolean isUsable(@Nullable String id) {
        if (id == null || id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && "._:/+=-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
