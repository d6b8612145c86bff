package com.akidb.http.server;

import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/**
 * An answer of JSON values, one a line, sent as they come. The reader's pace is the server's: pieces are asked for as
 * those before them are written, and no more once the reader has left.
 *
 * @param pieces bytes of whole lines or parts of them, in order
 * @param stall how long it may take until the next piece is taken; then the connection is closed
 */
public record LineStream(Flux<byte[]> pieces, Duration stall) implements Reply {

    static final String TYPE = "application/x-ndjson";

    /** Size of a piece. The writer below holds up to 128 of them, so that this bounds the memory of a slow reader. */
    public static final int PIECE = 8 * 1024;

    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, TYPE);
        Flux<DataBuffer> buffers = pieces.timeout(
                        stall, Flux.error(() -> new AbortedException("The answer is not read")))
                .map(response.bufferFactory()::wrap);
        return response.writeWith(buffers);
    }
}
