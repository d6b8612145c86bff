package com.akidb.ops;

import com.akidb.memory.Heap;
import com.akidb.memory.MemoryUse;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/** Says where the server listens, once it does, and what it may hold in memory. */
final class StartLines {

    private static final Logger log = LoggerFactory.getLogger(StartLines.class);

    private final String restAddress;
    private final String grpcAddress;
    private final List<MemoryUse> memory;

    StartLines(String restAddress, String grpcAddress, List<MemoryUse> memory) {
        this.restAddress = restAddress;
        this.grpcAddress = grpcAddress;
        this.memory = memory;
    }

    @EventListener
    void restStarted(ReactiveWebServerInitializedEvent event) {
        log.info(
                "REST API server listening on {}:{}",
                restAddress,
                event.getWebServer().getPort());
    }

    @EventListener
    void started(ApplicationReadyEvent event) {
        log.info(
                "Of a heap of up to {}, these may take: {}; an answer ends at {}",
                megabytes(Heap.bytes()),
                memory.stream()
                        .map(use -> use.name() + " " + megabytes(use.bytes()))
                        .collect(Collectors.joining(", ")),
                megabytes(Heap.page()));
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }

    @EventListener
    void grpcStarted(GrpcServerStartedEvent event) {
        log.info("gRPC server listening on {}:{}", grpcAddress, event.getPort());
    }
}
