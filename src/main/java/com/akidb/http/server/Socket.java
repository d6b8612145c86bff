package com.akidb.http.server;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.WebsocketServerSpec;

/**
 * A WebSocket (RFC 6455) in the place of an answer.
 *
 * @param handler what happens on it; it is closed when that completes
 */
public record Socket(WebSocketHandler handler) implements Reply {

    /** Most bytes of a message that a client sends. */
    private static final int LARGEST_MESSAGE = 64 * 1024;

    /** The subprotocol that is agreed on, if a client asks for one. */
    private static final String PROTOCOL = "akidb.v1";

    private static final String TOKEN = "akidb.token.";
    private static final String PROTOCOLS = "Sec-WebSocket-Protocol";

    private static final WebSocketService HANDSHAKE =
            new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy(
                    () -> WebsocketServerSpec.builder().maxFramePayloadLength(LARGEST_MESSAGE)));

    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange) {
        String upgrade = exchange.getRequest().getHeaders().getFirst(HttpHeaders.UPGRADE);
        if (!"websocket".equalsIgnoreCase(upgrade)) {
            return Mono.error(InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, HttpHeaders.UPGRADE, "must be websocket: here is a WebSocket only"));
        }
        return HANDSHAKE.handleRequest(exchange, new WebSocketHandler() {
            @Override
            public Mono<Void> handle(WebSocketSession session) {
                return handler.handle(session);
            }

            @Override
            public List<String> getSubProtocols() {
                return List.of(PROTOCOL);
            }
        });
    }

    /** The header Authorization of a request for a socket; in its place a token that came as a subprotocol. */
    static List<String> authorization(HttpHeaders headers) {
        List<String> given = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        if (!given.isEmpty()) {
            return given;
        }
        return headers.getOrEmpty(PROTOCOLS).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .filter(protocol -> protocol.startsWith(TOKEN))
                .map(protocol -> "Bearer " + protocol.substring(TOKEN.length()))
                .toList();
    }
}
