package com.akidb.ops;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/** Says where the server listens, once it does. */
final class StartLines {

    private static final Logger log = LoggerFactory.getLogger(StartLines.class);

    private final String restAddress;
    private final String grpcAddress;

    StartLines(String restAddress, String grpcAddress) {
        this.restAddress = restAddress;
        this.grpcAddress = grpcAddress;
    }

    @EventListener
    void restStarted(ReactiveWebServerInitializedEvent event) {
        log.info(
                "REST API server listening on {}:{}",
                restAddress,
                event.getWebServer().getPort());
    }

    @EventListener
    void grpcStarted(GrpcServerStartedEvent event) {
        log.info("gRPC server listening on {}:{}", grpcAddress, event.getPort());
    }
}
