package com.akidb.http;

import com.akidb.memory.Heap;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What REST clients may ask of the server.
 *
 * @param maxBodySize maximum size of a request body, 1KB to 1GB; larger ones are refused with 413. 16MB by default,
 *     or an eighth of the heap if that is less
 * @param maxBufferedBodies maximum memory of all request bodies and gRPC messages together while they are read and
 *     processed; further ones are refused with 429. An eighth of the heap by default, at least one body and at most
 *     256MB
 * @param maxBufferedAnswers maximum memory of all answers of REST and gRPC together, from their making until their
 *     clients have read them; further requests are refused with 429. An eighth of the heap by default, at most
 *     512MB
 * @param maxConcurrentRequests maximum number of concurrent requests, 1 or more; further ones are refused with 429
 * @param maxQueueTime longest time that requests may wait to be read while more come than can be answered; those that
 *     have waited longer are refused with 429
 * @param requestTimeout how long a request without an X-Request-Timeout header may take; one second is added for
 *     each 16 KB of its body
 * @param maxRequestTimeout longest X-Request-Timeout that is accepted
 * @param headerTimeout how long a client may take to send the head of a request once it has begun
 * @param bodyTimeout how long a client may take to send the whole body of a request
 * @param idleTimeout how long a connection may stay open without any traffic, also while an answer waits to be read
 * @param maxListeners maximum number of clients that listen for pokes at once, 1 or more
 * @param listenerPing how often a client that listens is asked whether it is still there; one that leaves two
 *     unanswered is disconnected
 * @param trustedProxies addresses such as 10.0.0.7 or 10.0.0.0/8 whose X-Forwarded-For, -Proto and -Host are
 *     trusted; none by default
 * @param allowedHosts further host names of the server. A server without API keys answers only to loopback names,
 *     to its own address and to these; {@code *} for all
 */
@ConfigurationProperties("akidb.http")
public record HttpSettings(
        @Nullable DataSize maxBodySize,
        @Nullable DataSize maxBufferedBodies,
        @Nullable DataSize maxBufferedAnswers,
        @DefaultValue("1024") int maxConcurrentRequests,
        @DefaultValue("100ms") Duration maxQueueTime,
        @DefaultValue("30s") Duration requestTimeout,
        @DefaultValue("10m") Duration maxRequestTimeout,
        @DefaultValue("10s") Duration headerTimeout,
        @DefaultValue("30s") Duration bodyTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("10000") int maxListeners,
        @DefaultValue("25s") Duration listenerPing,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue List<String> allowedHosts) {

    private static final long LARGEST_BODY = 16L << 20;
    private static final long LEAST_SETTING_OF_ANSWERS = 32L << 20;
    private static final long MOST_ANSWERS = 512L << 20;
    private static final long MOST_BODIES = 256L << 20;

    public HttpSettings {
        long body = maxBodySize == null ? Heap.eighth(1L << 20, LARGEST_BODY) : maxBodySize.toBytes();
        require(body >= 1024 && body <= 1L << 30, "max-body-size", "between 1KB and 1GB");
        require(
                maxBufferedBodies == null || maxBufferedBodies.toBytes() >= body,
                "max-buffered-bodies",
                "at least akidb.http.max-body-size");
        require(
                maxBufferedAnswers == null || maxBufferedAnswers.toBytes() >= LEAST_SETTING_OF_ANSWERS,
                "max-buffered-answers",
                "at least 32MB");
        require(maxConcurrentRequests >= 1, "max-concurrent-requests", "at least 1");
        require(positive(maxQueueTime), "max-queue-time", "positive");
        require(positive(requestTimeout), "request-timeout", "positive");
        require(maxRequestTimeout.compareTo(requestTimeout) >= 0, "max-request-timeout", "at least request-timeout");
        require(positive(headerTimeout), "header-timeout", "positive");
        require(positive(bodyTimeout), "body-timeout", "positive");
        require(positive(idleTimeout), "idle-timeout", "positive");
        require(maxListeners >= 1, "max-listeners", "at least 1");
        require(positive(listenerPing), "listener-ping", "positive");
        trustedProxies = List.copyOf(trustedProxies);
        allowedHosts = List.copyOf(allowedHosts);
        for (String proxy : trustedProxies) {
            try {
                AddressRange.parse(proxy);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("akidb.http.trusted-proxies: " + e.getMessage());
            }
        }
        for (String host : allowedHosts) {
            require(
                    host.matches("\\*|[A-Za-z0-9._-]+|[0-9A-Fa-f:]+"),
                    "allowed-hosts",
                    "names without a port, such as akidb.example.org, is '" + host + "'");
        }
    }

    /** Bytes of the largest request body. */
    public int largestBody() {
        return (int) (maxBodySize == null ? Heap.eighth(1L << 20, LARGEST_BODY) : maxBodySize.toBytes());
    }

    /** Bytes that all request bodies together may take. */
    public long bufferedBodies() {
        return maxBufferedBodies == null
                ? Heap.eighth(largestBody(), Math.max(MOST_BODIES, largestBody()))
                : maxBufferedBodies.toBytes();
    }

    /** Bytes that all answers together may take. */
    public long bufferedAnswers() {
        return maxBufferedAnswers == null ? Heap.eighth(4L << 20, MOST_ANSWERS) : maxBufferedAnswers.toBytes();
    }

    private static boolean positive(Duration duration) {
        return duration.isPositive();
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("akidb.http." + key + " must be " + rule);
        }
    }
}
