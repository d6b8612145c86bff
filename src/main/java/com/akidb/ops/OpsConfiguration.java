package com.akidb.ops;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.TableEngine;
import com.akidb.memory.MemoryUse;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Wires what runs the server. */
@Configuration(proxyBeanMethods = false)
class OpsConfiguration {

    private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(5);

    @Bean
    ServerState serverState() {
        return new ServerState();
    }

    @Bean
    EmbeddingLifecycle embeddingLifecycle(EmbeddingManager manager, ServerState state) {
        return new EmbeddingLifecycle(manager, state);
    }

    @Bean
    EngineLifecycle engineLifecycle(TableEngine engine) {
        return new EngineLifecycle(engine);
    }

    @Bean
    DrainListener drainListener(ApplicationContext context, ServerState state, OpsProperties properties) {
        return new DrainListener(context, state, properties.drainDelay());
    }

    @Bean
    DrainFilter drainFilter(ServerState state) {
        return new DrainFilter(state);
    }

    @Bean
    RouterFunction<ServerResponse> healthRoutes(EmbeddingManager manager, ServerState state, TableEngine engine) {
        return new HealthRoutes(new Health(manager, state, engine::standstill, HEALTH_PATIENCE)).routes();
    }

    @Bean
    StartLines startLines(
            @Value("${server.address:0.0.0.0}") String restAddress,
            @Value("${spring.grpc.server.address:0.0.0.0}") String grpcAddress,
            List<MemoryUse> memory) {
        return new StartLines(restAddress, grpcAddress, memory);
    }

    @Bean
    HeapTrim heapTrim(OpsProperties properties) {
        return new HeapTrim(properties.heapTrimInterval());
    }

    @Bean
    ProcessMemory processMemory() {
        return new ProcessMemory();
    }
}
