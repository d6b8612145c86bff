package com.akidb.grpc;

import com.akidb.collection.CollectionService;
import com.akidb.concurrent.RequestThreads;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.memory.MemoryBudget;
import com.akidb.ops.ServerState;
import com.akidb.security.Audit;
import com.akidb.security.Gate;
import io.grpc.BindableService;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/** Wires the gRPC server. */
@Configuration(proxyBeanMethods = false)
class GrpcConfiguration {

    @Bean(destroyMethod = "close", defaultCandidate = false)
    RequestThreads grpcThreads() {
        return new RequestThreads("akidb-grpc");
    }

    @Bean
    Calls grpcCalls(
            @Qualifier("grpcThreads") RequestThreads grpcThreads, GrpcSettings settings, MemoryBudget answerMemory) {
        return new Calls(grpcThreads, settings.maxBlockingCalls(), answerMemory);
    }

    @Bean
    BindableService embeddingGrpc(EmbeddingManager manager, Calls calls, MemoryBudget bodyMemory) {
        EmbeddingGrpc service = new EmbeddingGrpc(manager, calls);
        return () -> ReadableMessages.only(service.bindService(), bodyMemory);
    }

    @Bean
    BindableService collectionGrpc(CollectionService collections, Calls calls, MemoryBudget bodyMemory) {
        CollectionGrpc service = new CollectionGrpc(collections, calls);
        return () -> ReadableMessages.only(service.bindService(), bodyMemory);
    }

    @Bean
    GrpcHealth grpcHealth(ApplicationContext context) {
        return new GrpcHealth(context);
    }

    @Bean
    BindableService grpcHealthService(GrpcHealth health) {
        return health.service();
    }

    @Bean
    @GlobalServerInterceptor
    @Order(0)
    DrainInterceptor drainInterceptor(ServerState state) {
        return new DrainInterceptor(state);
    }

    /** The reflection of clients that do not know its second version yet. */
    @Bean
    @SuppressWarnings("deprecation")
    BindableService reflectionOfOldClients() {
        return ProtoReflectionService.newInstance();
    }

    @Bean
    @GlobalServerInterceptor
    @Order(2)
    Reflection reflection() {
        return new Reflection();
    }

    /** After the one that drains, so that a leaving server asks nobody for keys. */
    @Bean
    @GlobalServerInterceptor
    @Order(1)
    KeyInterceptor keyInterceptor(Gate gate, Audit audit) {
        return new KeyInterceptor(gate, audit);
    }

    /** Handlers run on the event loops; {@link Calls} moves away what may block. */
    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> grpcServerBounds(GrpcSettings settings) {
        return builder -> builder.directExecutor()
                .addStreamTracerFactory(new CallDeadlines(settings.longestCall()))
                .maxConcurrentCallsPerConnection(settings.maxCallsPerConnection())
                .maxConnectionIdle(settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .handshakeTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxRstFramesPerWindow(GrpcSettings.MOST_RESETS, (int) GrpcSettings.RESET_WINDOW.toSeconds());
    }
}
