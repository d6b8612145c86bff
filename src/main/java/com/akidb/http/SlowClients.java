package com.akidb.http;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Keeps slow and silent clients from holding connections: a limit for heads and one for idleness. {@link RestHandler} has
 * the one for bodies.
 */
final class SlowClients implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private final HttpSettings settings;

    SlowClients(HttpSettings settings) {
        this.settings = settings;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(this::limit);
    }

    private HttpServer limit(HttpServer server) {
        return server.idleTimeout(settings.idleTimeout()).doOnChannelInit((observer, channel, remote) -> {
            if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                channel.pipeline()
                        .addAfter(
                                NettyPipeline.HttpCodec,
                                "akidb.headTimeout",
                                new HeadTimeout(settings.headerTimeout()));
            }
        });
    }
}
