package com.akidb.http.server;

import com.akidb.http.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A whole answer, ready to send.
 *
 * @param body its bytes; empty for none
 * @param contentType media type of the body
 * @param headers further headers
 */
public record Answer(HttpStatus status, ByteBuffer body, String contentType, Map<String, String> headers)
        implements Reply {

    public static final String JSON = "application/json";

    public static Answer ok(JsonWriter json) {
        return json(HttpStatus.OK, json);
    }

    public static Answer created(JsonWriter json, String location) {
        return new Answer(HttpStatus.CREATED, bytes(json), JSON, Map.of(HttpHeaders.LOCATION, location));
    }

    public static Answer json(HttpStatus status, JsonWriter json) {
        return new Answer(status, bytes(json), JSON, Map.of());
    }

    /** Sends a client to another address of this server, for this request only. */
    public static Answer redirect(String location) {
        return new Answer(
                HttpStatus.TEMPORARY_REDIRECT, ByteBuffer.allocate(0), "", Map.of(HttpHeaders.LOCATION, location));
    }

    public static Answer noContent() {
        return new Answer(HttpStatus.NO_CONTENT, ByteBuffer.allocate(0), "", Map.of());
    }

    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        HttpHeaders target = response.getHeaders();
        headers.forEach(target::set);
        if (status == HttpStatus.NO_CONTENT || status == HttpStatus.NOT_MODIFIED) {
            return response.setComplete();
        }
        if (contentType.isEmpty()) {
            target.setContentLength(0);
            return response.setComplete();
        }
        target.set(HttpHeaders.CONTENT_TYPE, contentType);
        target.setContentLength(body.remaining());
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    private static ByteBuffer bytes(JsonWriter json) {
        return ByteBuffer.wrap(json.array(), 0, json.size());
    }
}
