package com.akidb.http.server;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A file on this machine's disk, read as its client takes it: what is in memory does not depend on its size.
 *
 * @param size in bytes
 * @param headers further headers
 */
public record FileBody(Path file, long size, String contentType, Map<String, String> headers) implements Reply {

    /** Up to 128 of these are with the connection at once. */
    private static final int PIECE = 16 * 1024;

    /**
     * The file, or to a client that has it that it has not changed.
     *
     * @param tag its ETag, without quotes
     */
    public static Reply tagged(Call call, Path file, long size, String contentType, String tag, String cacheControl) {
        Map<String, String> headers = new HashMap<>();
        headers.put(HttpHeaders.ETAG, "\"" + tag + "\"");
        headers.put(HttpHeaders.CACHE_CONTROL, cacheControl);
        HttpHeaders request = call.exchange().getRequest().getHeaders();
        return StaticFile.isAmong(request.getOrEmpty(HttpHeaders.IF_NONE_MATCH), Set.of(tag))
                ? new Answer(HttpStatus.NOT_MODIFIED, ByteBuffer.allocate(0), "", headers)
                : new FileBody(file, size, contentType, Map.copyOf(headers));
    }

    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        HttpHeaders target = response.getHeaders();
        headers.forEach(target::set);
        target.set(HttpHeaders.CONTENT_TYPE, contentType);
        target.setContentLength(size);
        return exchange.getRequest().getMethod().equals(HttpMethod.HEAD)
                ? response.setComplete()
                : response.writeWith(DataBufferUtils.read(file, response.bufferFactory(), PIECE));
    }
}
