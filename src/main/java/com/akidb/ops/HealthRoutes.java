package com.akidb.ops;

import java.util.concurrent.CompletableFuture;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code GET /health} and {@code /health/ready} answer 200 when the server takes requests, reads and writes rows
 * and can embed, else 503;
 * {@code /health/live} answers 200 as long as the process can answer at all.
 */
final class HealthRoutes {

    private final Health health;

    HealthRoutes(Health health) {
        this.health = health;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET("/health", request -> answer(health.report()))
                .GET("/health/ready", request -> answer(health.report()))
                .GET("/health/live", request -> answer(CompletableFuture.completedFuture(HealthReport.alive())))
                .build();
    }

    private static Mono<ServerResponse> answer(CompletableFuture<HealthReport> report) {
        return Mono.fromFuture(report, true).flatMap(HealthRoutes::render);
    }

    private static Mono<ServerResponse> render(HealthReport report) {
        return ServerResponse.status(report.isOk() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .bodyValue(report);
    }
}
