package com.akidb.http.sync;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Rights;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.EventStream;
import com.akidb.http.server.Reply;
import com.akidb.http.server.Socket;
import com.akidb.ops.ServerState;
import com.akidb.security.Caller;
import com.akidb.security.Gate;
import com.akidb.sync.Pokes;
import com.akidb.sync.Pokes.Poke;
import com.akidb.table.RowService;
import com.akidb.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Pokes for clients that listen, by a WebSocket or by server-sent events; docs/SYNC-GUIDE.md describes both. */
final class ListenEndpoints {

    private static final int MOST_TABLES = 100;

    private static final String ENDED =
            "\"code\":\"UNAUTHENTICATED\",\"detail\":\"The API key or token has expired or was revoked\"";

    private final Pokes pokes;
    private final RowService rows;
    private final ServerState state;
    private final Gate gate;
    private final Duration ping;

    ListenEndpoints(Pokes pokes, RowService rows, ServerState state, Gate gate, Duration ping) {
        this.ping = ping;
        this.gate = gate;
        this.pokes = pokes;
        this.rows = rows;
        this.state = state;
    }

    Endpoint events() {
        return Endpoint.with(this::events, Endpoint.Extra.EVENTS_OUT, Endpoint.Extra.LIMITED);
    }

    private Mono<Reply> events(Call call) {
        String given = call.query("tables").text("tables", "");
        if (given.isEmpty()) {
            throw InvalidInputException.missing("tables");
        }
        JsonReader json = JsonReader.of(given, "tables");
        List<TableSchema> tables = tables(json, call.rights());
        json.end();
        Listener listener = listener(call);
        return Mono.just(new EventStream(listener.frames()
                .doOnSubscribe(_ -> call.loop().execute(() -> listener.subscribe(tables)))
                .map(frame -> {
                    // Who reads is there: events have no answers.
                    listener.heard();
                    return switch (frame) {
                        case Listener.Frame.Poked(Poke poke) -> "event: poke\ndata: {" + poke(poke) + "}\n\n";
                        case Listener.Frame.Ping _ -> ": ping\n\n";
                        case Listener.Frame.Drain _ -> "event: drain\ndata: {}\n\n";
                        case Listener.Frame.Ended _ -> "event: end\ndata: {" + ENDED + "}\n\n";
                        case Listener.Frame.Said(String text) -> "data: " + text + "\n\n";
                    };
                })));
    }

    Endpoint socket() {
        return Endpoint.with(this::socket, Endpoint.Extra.LIMITED, Endpoint.Extra.SOCKET);
    }

    private Mono<Reply> socket(Call call) {
        call.query();
        return Mono.just(new Socket(session -> {
            Listener listener = listener(call);
            Flux<WebSocketMessage> heard = listener.frames().map(frame -> message(session, frame));
            Mono<Void> said = session.receive()
                    .doOnNext(message -> received(message, listener, call.rights()))
                    .then();
            return Mono.firstWithSignal(session.send(heard), said).then(session.close());
        }));
    }

    private Listener listener(Call call) {
        Caller caller = call.caller();
        return new Listener(
                call.loop(), pokes, ping, this::isLeaving, () -> gate.stillAdmits(caller), call::disconnect);
    }

    private boolean isLeaving() {
        return state.stage().compareTo(ServerState.Stage.READY) > 0;
    }

    private static WebSocketMessage message(WebSocketSession session, Listener.Frame frame) {
        return switch (frame) {
            case Listener.Frame.Poked(Poke poke) -> session.textMessage("{\"type\":\"poke\"," + poke(poke) + "}");
            case Listener.Frame.Ping _ -> session.pingMessage(buffers -> buffers.wrap(new byte[0]));
            case Listener.Frame.Drain _ -> session.textMessage("{\"type\":\"drain\"}");
            case Listener.Frame.Ended _ -> session.textMessage("{\"type\":\"end\"," + ENDED + "}");
            case Listener.Frame.Said(String json) -> session.textMessage(json);
        };
    }

    private static String poke(Poke poke) {
        JsonWriter json = new JsonWriter(64).put(piece("\"tables\":")).strings(poke.tables());
        return text(json.put(piece(",\"version\":")).value(poke.version()));
    }

    private static String text(JsonWriter json) {
        return new String(json.array(), 0, json.size(), StandardCharsets.UTF_8);
    }

    private void received(WebSocketMessage message, Listener listener, Rights rights) {
        listener.heard();
        if (message.getType() != WebSocketMessage.Type.TEXT) {
            return;
        }
        try {
            byte[] body = message.getPayloadAsText().getBytes(StandardCharsets.UTF_8);
            Saying saying = new Saying(rights);
            JsonReader json = new JsonReader(body, body.length);
            json.object(Saying.FIELDS, saying::member);
            json.end();
            switch (saying.type == null ? "" : saying.type) {
                case "subscribe" -> listener.subscribe(saying.tables());
                case "ping" -> listener.say("{\"type\":\"pong\"}");
                case "pong" -> {}
                default ->
                    throw InvalidInputException.of(
                            ErrorCode.INVALID_ARGUMENT, "type", "must be one of subscribe, ping, pong");
            }
        } catch (AkidbException e) {
            JsonWriter json = new JsonWriter(128).put(piece("{\"type\":\"error\",\"code\":"));
            json.value(e.code().name()).put(piece(",\"detail\":")).value(e.detail());
            e.field().ifPresent(field -> json.put(piece(",\"field\":")).value(field));
            listener.say(text(json.put('}')));
        }
    }

    /** What a client says on a socket. */
    private final class Saying {

        private static final Fields FIELDS = Fields.of("type", "tables", "clientGroupID");

        private final Rights rights;
        private @Nullable String type;
        private @Nullable List<TableSchema> tables;

        Saying(Rights rights) {
            this.rights = rights;
        }

        void member(JsonReader json, String name) {
            switch (name) {
                case "type" -> type = json.string();
                case "tables" -> tables = ListenEndpoints.this.tables(json, rights);
                default -> json.raw();
            }
        }

        List<TableSchema> tables() {
            if (tables == null) {
                throw InvalidInputException.missing("tables");
            }
            return tables;
        }
    }

    private List<TableSchema> tables(JsonReader json, Rights rights) {
        List<TableSchema> tables = new ArrayList<>();
        json.array("an array of names", (name, index) -> {
            if (index == MOST_TABLES) {
                throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, "tables", "must be at most " + MOST_TABLES);
            }
            String path = name.path();
            try {
                tables.add(rows.schema(name.string(), rights));
            } catch (NotFoundException e) {
                throw new NotFoundException(e.code(), e.detail(), path);
            }
        });
        return tables;
    }
}
