package com.akidb.http.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.util.AttributeKey;

/**
 * Marks a connection whose request breaks the protocol half-way. Reactor Netty answers it by itself, but lets the body end
 * there as if it were whole. Stands behind the HTTP codec; one per connection.
 */
final class BrokenRequests extends ChannelInboundHandlerAdapter {

    private static final AttributeKey<Boolean> BROKEN = AttributeKey.valueOf(BrokenRequests.class, "broken");

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof DecoderResultProvider decoded
                && decoded.decoderResult().isFailure()) {
            context.channel().attr(BROKEN).set(true);
        }
        context.fireChannelRead(message);
    }

    /** Whether the last request of a connection was broken; nothing comes behind it. */
    static boolean on(Channel channel) {
        return channel.hasAttr(BROKEN);
    }
}
