package com.akidb.grpc;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of the gRPC server beside those of Spring ({@code spring.grpc.server}).
 *
 * @param maxCallsPerConnection most calls at once on one connection; further ones wait at the client
 * @param maxBlockingCalls most calls at once that read from the disk, change collections or tokenise long texts; one more
 *     is refused at once
 */
@ConfigurationProperties("akidb.grpc")
record GrpcSettings(
        @DefaultValue("1000") int maxCallsPerConnection,
        @DefaultValue("256") int maxBlockingCalls) {

    GrpcSettings {
        requirePositive("max-calls-per-connection", maxCallsPerConnection);
        requirePositive("max-blocking-calls", maxBlockingCalls);
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("akidb.grpc." + key + " must be at least 1, is " + value);
        }
    }
}
