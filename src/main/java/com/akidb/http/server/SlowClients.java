package com.akidb.http.server;

import com.akidb.http.HttpSettings;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Keeps slow and silent clients from holding connections: limits for heads, for answers that are not taken and for
 * idleness, and a mark for those that break off. {@link RestHandler} has the limit for bodies.
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
            channel.pipeline().addFirst("akidb.stalledReader", new StalledReader(settings.idleTimeout()));
            if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                channel.pipeline()
                        .addAfter(
                                NettyPipeline.HttpCodec, "akidb.headTimeout", new HeadTimeout(settings.headerTimeout()))
                        .addAfter(NettyPipeline.HttpCodec, "akidb.brokenRequests", new BrokenRequests());
            }
        });
    }
}
