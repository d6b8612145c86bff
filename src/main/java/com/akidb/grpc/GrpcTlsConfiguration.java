package com.akidb.grpc;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceDiscoverer;

/** Wires the gRPC server where it has a certificate; without one, Spring Boot's own is used. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("spring.grpc.server.ssl.bundle")
class GrpcTlsConfiguration {

    @Bean
    TlsGrpcServer tlsGrpcServer(
            GrpcServerProperties properties,
            @Value("${spring.grpc.server.ssl.bundle}") String bundle,
            SslBundles bundles,
            Environment environment,
            ObjectProvider<ServerBuilderCustomizer<NettyServerBuilder>> customizers,
            GrpcServiceDiscoverer services,
            GrpcServiceConfigurer configurer) {
        List<ServerBuilderCustomizer<NettyServerBuilder>> all = new ArrayList<>();
        all.add(builder -> apply(properties, builder));
        customizers.orderedStream().forEach(all::add);
        TlsGrpcServer server =
                new TlsGrpcServer(address(properties), all, bundles, bundle, clients(properties, environment));
        services.findServices().forEach(service -> server.addService(configurer.configure(service, server)));
        return server;
    }

    @Bean
    GrpcServerLifecycle tlsGrpcServerLifecycle(
            TlsGrpcServer server, GrpcServerProperties properties, ApplicationEventPublisher events) {
        return new GrpcServerLifecycle(server, properties.getShutdown().getGracePeriod(), events);
    }

    /** Whether clients show certificates: as the setting of this port says, or else as that of the HTTP port does. */
    private static ClientAuth clients(GrpcServerProperties properties, Environment environment) {
        if (environment.containsProperty("spring.grpc.server.ssl.client-auth")) {
            return ClientAuth.valueOf(properties.getSsl().getClientAuth().name());
        }
        Ssl.ClientAuth http = Binder.get(environment)
                .bind("server.ssl.client-auth", Ssl.ClientAuth.class)
                .orElse(Ssl.ClientAuth.NONE);
        return switch (http) {
            case NONE -> ClientAuth.NONE;
            case WANT -> ClientAuth.OPTIONAL;
            case NEED -> ClientAuth.REQUIRE;
        };
    }

    private static String address(GrpcServerProperties properties) {
        InetAddress address = properties.getAddress();
        String host = address == null ? "*" : address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + properties.getPort();
    }

    /** What Spring Boot's own server is told by its settings. */
    private static void apply(GrpcServerProperties properties, NettyServerBuilder builder) {
        builder.maxInboundMessageSize(
                (int) properties.getInbound().getMessage().getMaxSize().toBytes());
        builder.maxInboundMetadataSize(
                (int) properties.getInbound().getMetadata().getMaxSize().toBytes());
        GrpcServerProperties.Keepalive keepalive = properties.getKeepalive();
        if (keepalive.getTime() != null) {
            builder.keepAliveTime(nanos(keepalive.getTime()), TimeUnit.NANOSECONDS);
        }
        if (keepalive.getTimeout() != null) {
            builder.keepAliveTimeout(nanos(keepalive.getTimeout()), TimeUnit.NANOSECONDS);
        }
    }

    private static long nanos(@Nullable Duration duration) {
        return duration == null ? 0 : duration.toNanos();
    }
}
