package com.akidb.grpc;

import com.akidb.collection.CollectionProperties;
import com.akidb.collection.CollectionService;
import com.akidb.collection.TestCollections;
import com.akidb.collection.WordEmbedding;
import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.embedding.EmbeddingServiceGrpc;
import com.akidb.memory.MemoryBudget;
import com.akidb.ops.ServerState;
import com.akidb.table.TestTables;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The gRPC services on a real socket, over doubles that a test can steer. */
final class GrpcServerFixture implements AutoCloseable {

    private final TestTables tables = new TestTables();
    final WordEmbedding embedding = new WordEmbedding(8);
    final ServerState state = new ServerState();
    final MemoryBudget answers = new MemoryBudget(4L << 20);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;
    private final ManagedChannel channel;

    /** @param further interceptors, which see calls before the services do */
    GrpcServerFixture(ServerInterceptor... further) throws IOException {
        this(
                new GrpcSettings(1_000, 256, Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(10)),
                further);
    }

    @SuppressWarnings("deprecation")
    GrpcServerFixture(GrpcSettings settings, ServerInterceptor... further) throws IOException {
        CollectionService collections = TestCollections.create(
                tables.engine(),
                embedding,
                4,
                new CollectionProperties(4_096, 1_000_000, 65_536, null, null),
                256,
                threads);
        Calls calls = new Calls(threads, 1, answers);
        DrainInterceptor drain = new DrainInterceptor(state);
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        new GrpcConfiguration().grpcServerBounds(settings).customize(builder);
        for (ServerInterceptor interceptor : further) {
            builder.intercept(interceptor);
        }
        server = builder.addService(ServerInterceptors.intercept(
                        ReadableMessages.only(
                                new EmbeddingGrpc(embedding, calls).bindService(), new MemoryBudget(64L << 20)),
                        drain))
                .addService(ServerInterceptors.intercept(
                        ReadableMessages.only(
                                new CollectionGrpc(collections, calls).bindService(), new MemoryBudget(64L << 20)),
                        drain))
                .addService(ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), new Reflection()))
                .addService(ServerInterceptors.intercept(ProtoReflectionService.newInstance(), new Reflection()))
                .maxInboundMessageSize(1 << 20)
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    int port() {
        return server.getPort();
    }

    EmbeddingServiceGrpc.EmbeddingServiceBlockingStub embeddings() {
        return EmbeddingServiceGrpc.newBlockingStub(channel);
    }

    EmbeddingServiceGrpc.EmbeddingServiceFutureStub embeddingsLater() {
        return EmbeddingServiceGrpc.newFutureStub(channel);
    }

    CollectionServiceGrpc.CollectionServiceBlockingStub collections() {
        return CollectionServiceGrpc.newBlockingStub(channel);
    }

    CollectionServiceGrpc.CollectionServiceFutureStub collectionsLater() {
        return CollectionServiceGrpc.newFutureStub(channel);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        threads.shutdownNow();
        tables.close();
    }
}
