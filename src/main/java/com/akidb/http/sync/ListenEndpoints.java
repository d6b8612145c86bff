package com.akidb.http.sync;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Rights;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.EventStream;
import com.akidb.http.server.QueryParameters;
import com.akidb.http.server.Reply;
import com.akidb.http.server.Socket;
import com.akidb.http.tables.LiveQuery;
import com.akidb.memory.Heap;
import com.akidb.memory.MemoryBudget;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Pokes and live queries for clients that listen, by a WebSocket or by server-sent events; docs/SYNC-GUIDE.md describes both. */
final class ListenEndpoints {

    private static final int MOST_TABLES = 100;

    private static final String ENDED =
            "\"code\":\"UNAUTHENTICATED\",\"detail\":\"The API key or token has expired or was revoked\"";

    /** Live queries of one client, and of all together. */
    private static final int MOST_LIVE = 20;

    private static final int MOST_LIVE_OF_ALL = 10_000;

    /** Bytes of the answers that live queries keep. */
    private static final long LEAST_FOR_ANSWERS = 8L << 20;

    private static final long MOST_FOR_ANSWERS = 256L << 20;

    private final Pokes pokes;
    private final RowService rows;
    private final LiveQuery.Service queries;
    private final ServerState state;
    private final Gate gate;
    private final Duration ping;
    private final AtomicInteger lives = new AtomicInteger();
    private final MemoryBudget answers = new MemoryBudget(Heap.eighth(LEAST_FOR_ANSWERS, MOST_FOR_ANSWERS));

    ListenEndpoints(
            Pokes pokes, RowService rows, LiveQuery.Service queries, ServerState state, Gate gate, Duration ping) {
        this.queries = queries;
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
        QueryParameters query = call.query("tables", "queries");
        String given = query.text("tables", "");
        String asked = query.text("queries", "");
        if (given.isEmpty() && asked.isEmpty()) {
            throw InvalidInputException.missing("tables");
        }
        List<TableSchema> tables =
                given.isEmpty() ? List.of() : whole(given, "tables", json -> tables(json, call.rights()));
        List<Asking> queries = asked.isEmpty() ? List.of() : whole(asked, "queries", this::queries);
        Listener listener = listener(call);
        return Mono.just(new EventStream(listener.frames()
                .doOnSubscribe(_ -> call.loop().execute(() -> {
                    if (!tables.isEmpty()) {
                        listener.subscribe(tables);
                    }
                    queries.forEach(asking -> follow(asking, listener, call));
                }))
                .map(frame -> {
                    // Who reads is there: events have no answers.
                    listener.heard();
                    return switch (frame) {
                        case Listener.Frame.Poked(Poke poke) -> "event: poke\ndata: {" + poke(poke) + "}\n\n";
                        case Listener.Frame.Ping _ -> ": ping\n\n";
                        case Listener.Frame.Drain _ -> "event: drain\ndata: {}\n\n";
                        case Listener.Frame.Ended _ -> "event: end\ndata: {" + ENDED + "}\n\n";
                        case Listener.Frame.Live(String type, String json) ->
                            "event: " + type + "\ndata: " + json + "\n\n";
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
                    .doOnNext(message -> received(message, listener, call))
                    .then();
            return Mono.firstWithSignal(session.send(heard), said).then(session.close());
        }));
    }

    private Listener listener(Call call) {
        Caller caller = call.caller();
        return new Listener(
                call.loop(),
                pokes,
                ping,
                this::isLeaving,
                () -> gate.stillAdmits(caller),
                lives::decrementAndGet,
                call::disconnect);
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
            case Listener.Frame.Live(String _, String json) -> session.textMessage(json);
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

    private void received(WebSocketMessage message, Listener listener, Call call) {
        listener.heard();
        if (message.getType() != WebSocketMessage.Type.TEXT) {
            return;
        }
        Saying saying = new Saying(call.rights());
        try {
            byte[] body = message.getPayloadAsText().getBytes(StandardCharsets.UTF_8);
            JsonReader json = new JsonReader(body, body.length);
            json.object(Saying.FIELDS, saying::member);
            json.end();
            switch (saying.type == null ? "" : saying.type) {
                case "subscribe" -> listener.subscribe(saying.tables());
                case "query" -> follow(saying.asking.done(""), listener, call);
                case "end" -> {
                    if (!listener.leave(saying.asking.id())) {
                        throw new NotFoundException(ErrorCode.NOT_FOUND, "There is no live query of that id", "id");
                    }
                }
                case "ping" -> listener.say("{\"type\":\"pong\"}");
                case "pong" -> {}
                default ->
                    throw InvalidInputException.of(
                            ErrorCode.INVALID_ARGUMENT, "type", "must be one of subscribe, query, end, ping, pong");
            }
        } catch (AkidbException e) {
            listener.say(Live.error(saying.asking.id, e));
        }
    }

    /** What a client says on a socket. */
    private final class Saying {

        private static final Fields FIELDS =
                Fields.of("type", "tables", "clientGroupID", "id", "table", "query", "similarity");

        private final Rights rights;
        private final Asking asking = new Asking();
        private @Nullable String type;
        private @Nullable List<TableSchema> tables;

        Saying(Rights rights) {
            this.rights = rights;
        }

        void member(JsonReader json, String name) {
            switch (name) {
                case "type" -> type = json.string();
                case "tables" -> tables = ListenEndpoints.this.tables(json, rights);
                case "clientGroupID" -> json.raw();
                default -> asking.member(json, name);
            }
        }

        List<TableSchema> tables() {
            if (tables == null) {
                throw InvalidInputException.missing("tables");
            }
            return tables;
        }
    }

    /** A live query as a client asks for it. */
    private static final class Asking {

        private static final Fields FIELDS = Fields.of("id", "table", "query", "similarity");

        private @Nullable String id;
        private @Nullable String table;
        private @Nullable String query;
        private @Nullable String similarity;

        void member(JsonReader json, String name) {
            switch (name) {
                case "id" -> id = SyncIds.require(json.string(), json.path());
                case "table" -> table = json.string();
                case "query" -> query = json.raw();
                case "similarity" -> similarity = json.raw();
                default -> throw new IllegalStateException(name);
            }
        }

        String id() {
            if (id == null) {
                throw InvalidInputException.missing("id");
            }
            return id;
        }

        /** @param path of the object, with a dot behind it */
        Asking done(String path) {
            if (id == null || table == null) {
                throw InvalidInputException.missing(path + (id == null ? "id" : "table"));
            }
            if ((query == null) == (similarity == null)) {
                throw query == null
                        ? InvalidInputException.missing(path + "query")
                        : InvalidInputException.of(
                                ErrorCode.INVALID_ARGUMENT, path + "similarity", "cannot be used beside query");
            }
            return this;
        }

        LiveQuery open(LiveQuery.Service queries, Call call) {
            String body = query == null ? similarity : query;
            if (table == null || body == null) {
                throw new IllegalStateException("done before");
            }
            LiveQuery.Kind kind = query == null ? LiveQuery.Kind.SIMILARITY : LiveQuery.Kind.QUERY;
            return queries.open(table, kind, body, call.rights(), call.account());
        }
    }

    /** Begins to follow a live query; what is wrong with its body is told as its first frame. */
    private void follow(Asking asking, Listener listener, Call call) {
        String id = asking.id();
        try {
            if (listener.lives() >= MOST_LIVE) {
                throw new OverloadedException(
                        "A client has at most " + MOST_LIVE + " live queries; end one first", Duration.ofSeconds(1));
            }
            if (lives.incrementAndGet() > MOST_LIVE_OF_ALL) {
                lives.decrementAndGet();
                throw new OverloadedException("Too many live queries; try again later", Duration.ofSeconds(5));
            }
            boolean followed = false;
            try {
                LiveQuery query = asking.open(queries, call);
                followed = listener.follow(
                        id, flush -> new Live(id, query, call.loop(), call.offload(), pokes, answers, flush));
            } finally {
                if (!followed) {
                    lives.decrementAndGet();
                }
            }
            if (!followed) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, "id", "is of another live query of this client");
            }
        } catch (AkidbException e) {
            listener.tell(new Listener.Frame.Live("error", Live.error(id, e)));
        }
    }

    private List<Asking> queries(JsonReader json) {
        List<Asking> all = new ArrayList<>();
        json.array("an array of {id, table, query or similarity}", (each, index) -> {
            if (index == MOST_LIVE) {
                throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, "queries", "must be at most " + MOST_LIVE);
            }
            String path = each.path() + ".";
            Asking asking = new Asking();
            each.object(Asking.FIELDS, asking::member);
            all.add(asking.done(path));
        });
        return all;
    }

    private static <T> T whole(String text, String name, Function<JsonReader, T> reading) {
        JsonReader json = JsonReader.of(text, name);
        T read = reading.apply(json);
        json.end();
        return read;
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
