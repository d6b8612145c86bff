package com.akidb.grpc;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of the gRPC server beside those of Spring ({@code spring.grpc.server}).
 *
 * @param maxCallsPerConnection maximum number of concurrent calls on one connection; further ones wait at the
 *     client
 * @param maxBlockingCalls maximum number of concurrent calls that read from the disk, change collections or
 *     tokenise long texts; further ones are refused at once
 * @param idleTimeout how long a connection may stay open without a call on it
 * @param handshakeTimeout how long a client may take to set up its connection, TLS included
 * @param longestCall how long a call may take until the client has read the answer, whatever its deadline
 */
@ConfigurationProperties("akidb.grpc")
record GrpcSettings(
        @DefaultValue("1000") int maxCallsPerConnection,
        @DefaultValue("256") int maxBlockingCalls,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("10s") Duration handshakeTimeout,
        @DefaultValue("10m") Duration longestCall) {

    /** Resets of calls that one connection may send within {@link #RESET_WINDOW}: clients cancel, but not like that. */
    static final int MOST_RESETS = 500;

    static final Duration RESET_WINDOW = Duration.ofSeconds(10);

    private static final int MOST_DAYS = 365;

    GrpcSettings {
        requirePositive("max-calls-per-connection", maxCallsPerConnection);
        requirePositive("max-blocking-calls", maxBlockingCalls);
        requirePositive("idle-timeout", idleTimeout);
        requirePositive("handshake-timeout", handshakeTimeout);
        requirePositive("longest-call", longestCall);
        if (longestCall.toDays() > MOST_DAYS) {
            throw new IllegalArgumentException(
                    "akidb.grpc.longest-call must be at most " + MOST_DAYS + " days, is " + longestCall);
        }
    }

    private static void requirePositive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("akidb.grpc." + key + " must be positive, is " + value);
        }
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("akidb.grpc." + key + " must be at least 1, is " + value);
        }
    }
}
