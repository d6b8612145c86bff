package com.akidb.http.server;

import com.akidb.http.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A whole answer, ready to send.
 *
 * @param body its bytes, in pieces; empty for none
 * @param contentType media type of the body
 * @param headers further headers
 */
public record Answer(HttpStatus status, List<ByteBuffer> body, String contentType, Map<String, String> headers)
        implements Reply {

    public static final String JSON = "application/json";

    /** Bodies up to this size are handed to the connection whole. */
    private static final int WHOLE = 256 * 1024;

    /** Up to 128 of these are with the connection at once. */
    private static final int PIECE = 16 * 1024;

    public Answer(HttpStatus status, ByteBuffer body, String contentType, Map<String, String> headers) {
        this(status, List.of(body), contentType, headers);
    }

    public static Answer ok(JsonWriter json) {
        return json(HttpStatus.OK, json);
    }

    /**
     * Of JSON whose middle others are given as well.
     *
     * @param middle stays as it is
     */
    public static Answer ok(JsonWriter head, List<ByteBuffer> middle, JsonWriter tail) {
        List<ByteBuffer> body = new ArrayList<>(head.pieces());
        middle.forEach(piece -> body.add(piece.duplicate()));
        body.addAll(tail.pieces());
        Answer whole = new Answer(HttpStatus.OK, body, JSON, Map.of());
        return whole.length() <= PIECE ? whole.inOnePiece() : whole;
    }

    private Answer inOnePiece() {
        ByteBuffer whole = ByteBuffer.allocate(length());
        body.forEach(whole::put);
        return new Answer(status, whole.flip(), contentType, headers);
    }

    public static Answer created(JsonWriter json, String location) {
        return new Answer(HttpStatus.CREATED, json.pieces(), JSON, Map.of(HttpHeaders.LOCATION, location));
    }

    public static Answer json(HttpStatus status, JsonWriter json) {
        return new Answer(status, json.pieces(), JSON, Map.of());
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
        target.setContentLength(length());
        return response.writeWith(
                length() <= WHOLE && body.size() == 1
                        ? Mono.just(response.bufferFactory().wrap(body.getFirst()))
                        : Flux.fromIterable(body)
                                .concatMapIterable(Answer::slices)
                                .map(response.bufferFactory()::wrap));
    }

    /** Bytes of the body. */
    int length() {
        return body.stream().mapToInt(ByteBuffer::remaining).sum();
    }

    /** A piece in parts that are handed over as the client takes them: what is handed over whole is copied whole. */
    private static List<ByteBuffer> slices(ByteBuffer piece) {
        List<ByteBuffer> slices = new ArrayList<>();
        for (int at = piece.position(); at < piece.limit(); at += PIECE) {
            slices.add(piece.slice(at, Math.min(PIECE, piece.limit() - at)));
        }
        return slices;
    }
}
