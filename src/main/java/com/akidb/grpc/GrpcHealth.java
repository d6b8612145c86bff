package com.akidb.grpc;

import com.akidb.grpc.proto.collection.CollectionServiceGrpc;
import com.akidb.grpc.proto.embedding.EmbeddingServiceGrpc;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.List;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/**
 * Answers {@code grpc.health.v1.Health}: serving from the moment the port is open, since the model is ready before, and
 * no longer serving as soon as the process is told to stop, before anything else happens.
 */
final class GrpcHealth implements SmartApplicationListener {

    private static final List<String> SERVICES =
            List.of("", EmbeddingServiceGrpc.SERVICE_NAME, CollectionServiceGrpc.SERVICE_NAME);

    private final HealthStatusManager statuses = new HealthStatusManager();
    private final ApplicationContext context;

    GrpcHealth(ApplicationContext context) {
        this.context = context;
        SERVICES.forEach(service -> statuses.setStatus(service, ServingStatus.NOT_SERVING));
    }

    BindableService service() {
        return statuses.getHealthService();
    }

    @Override
    public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
        return type == GrpcServerStartedEvent.class || type == ContextClosedEvent.class;
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof GrpcServerStartedEvent) {
            SERVICES.forEach(service -> statuses.setStatus(service, ServingStatus.SERVING));
        } else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == context) {
            statuses.enterTerminalState();
        }
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
