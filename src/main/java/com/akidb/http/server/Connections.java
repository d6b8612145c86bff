package com.akidb.http.server;

import com.akidb.http.HttpSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Keeps slow and silent clients from holding connections: limits for heads, for answers that are not read and for idle
 * connections. {@link RestHandler} has the limit for bodies.
 */
final class Connections implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final AttributeKey<Boolean> BROKEN = AttributeKey.valueOf(Connections.class, "broken");

    private final HttpSettings settings;

    Connections(HttpSettings settings) {
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
                                NettyPipeline.HttpCodec,
                                "akidb.requestWatch",
                                new RequestWatch(settings.headerTimeout()));
            }
        });
    }

    /** Whether the last request of a connection broke the protocol half-way; nothing comes behind it. */
    static boolean isBroken(Channel channel) {
        return channel.hasAttr(BROKEN);
    }

    /**
     * Follows the requests of one connection, on its event loop, as the HTTP codec before it makes them of bytes.
     *
     * <p>Closes the connection if its client has begun the head of a request and does not finish it in time, however
     * steadily it sends: a head is incomplete when bytes arrived and the codec made nothing of them. Marks the connection
     * if a request breaks the protocol half-way: Reactor Netty answers it by itself, but lets its body end there as if it
     * were whole.
     */
    private static final class RequestWatch extends ChannelInboundHandlerAdapter {
        private final Duration patience;
        private boolean decoded;
        private boolean inBody;
        private @Nullable Future<?> timer;

        RequestWatch(Duration patience) {
            this.patience = patience;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            decoded = true;
            if (message instanceof WebSocketFrame) {
                stop();
            }
            if (message instanceof HttpRequest) {
                stop();
                inBody = true;
            }
            if (message instanceof LastHttpContent) {
                inBody = false;
            }
            if (message instanceof DecoderResultProvider part
                    && part.decoderResult().isFailure()) {
                context.channel().attr(BROKEN).set(true);
            }
            context.fireChannelRead(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (!decoded && !inBody && timer == null) {
                timer = context.executor().schedule(() -> context.close(), patience.toMillis(), TimeUnit.MILLISECONDS);
            }
            decoded = false;
            context.fireChannelReadComplete();
        }

        /** A reset is an end like any other. Reactor Netty would drop it with a stack trace in the log once it was handled. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (AbortedException.isConnectionReset(cause)) {
                context.close();
            } else {
                context.fireExceptionCaught(cause);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            stop();
            context.fireChannelInactive();
        }

        private void stop() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }
    }

    /**
     * Closes a connection whose client reads nothing of an answer, which would stay in memory meanwhile. A slow client is
     * fine as long as it reads at all. One per connection.
     */
    private static final class StalledReader extends IdleStateHandler {

        /** @param patience how long nothing may be read; noticed after twice as long at most */
        StalledReader(Duration patience) {
            super(true, 0, patience.toMillis(), 0, TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
            ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
            if (waiting != null && waiting.totalPendingWriteBytes() > 0) {
                context.close();
            }
        }
    }

    /**
     * Keeps connections of HTTP/1.0 clients open that ask for it, such as ApacheBench's. In that version both sides have to
     * say so; Netty closes the connection unless the answer does.
     */
    static final class Http10KeepAlive implements EntryCheck {

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE + 1;
        }

        @Override
        public void check(ServerWebExchange exchange) {
            String connection = exchange.getRequest().getHeaders().getFirst(HttpHeaders.CONNECTION);
            if (connection != null && connection.equalsIgnoreCase("keep-alive")) {
                HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
                if (request.version().equals(HttpVersion.HTTP_1_0)) {
                    exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "keep-alive");
                }
            }
        }
    }
}
