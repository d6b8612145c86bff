package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.CellCounts;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.QueryParameters;
import com.akidb.http.server.RouteTable;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.security.Scope;
import com.akidb.table.ComputedColumnService;
import com.akidb.table.ComputedColumnService.ComputedChange;
import com.akidb.table.ComputedColumnService.ComputedColumn;
import com.akidb.table.ComputedColumnService.ComputedColumn.Change;
import com.akidb.table.ComputedColumnService.ComputedColumn.Fill;
import com.akidb.table.ComputedColumnService.FailedCells;
import com.akidb.table.ComputedColumnService.NewComputedColumn;
import com.akidb.table.ComputedColumnService.Recomputed;
import com.akidb.table.RowService;
import com.akidb.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** Computed columns of a table: create, list, show, change, refresh, retry, pause, resume, cancel. */
final class ComputedEndpoints {

    private static final Fields NEW = Fields.of("name", "source_column", "model", "auto_update", "cache", "adopt");
    private static final Fields CHANGE = Fields.of("model", "auto_update", "cache");
    private static final Fields REFRESH = Fields.of("where", "wait");
    private static final Fields RETRY = Fields.of("wait");
    private static final Fields NOTHING = Fields.of();
    private static final int FAILURES = 100;

    /** The fraction of a request's remaining time that is kept for answering it. */
    private static final int SPARE_SHARE = 10;

    private static final Duration MOST_SPARE = Duration.ofMillis(500);

    private final ComputedColumnService service;
    private final RowService rows;
    private final EmbeddingManager models;

    ComputedEndpoints(ComputedColumnService service, RowService rows, EmbeddingManager models) {
        this.service = service;
        this.rows = rows;
        this.models = models;
    }

    /** Adds the routes under a path such as {@code /tables/{table}/columns/computed}. */
    void addTo(RouteTable routes, String path) {
        String column = path + "/{column}";
        routes.add("POST", path + "/embedding", Scope.ADMIN, this::create)
                .add("GET", path, Scope.READ, this::list)
                .add("GET", column, Scope.READ, this::get)
                .add("PATCH", column, Scope.ADMIN, this::change)
                .add("POST", column + "/refresh", Scope.WRITE, Endpoint.with(this::refresh, Endpoint.Extra.NO_BODY))
                .add("POST", column + "/retry", Scope.WRITE, Endpoint.with(this::retry, Endpoint.Extra.NO_BODY))
                .add("POST", column + "/pause", Scope.WRITE, action(service::pause))
                .add("POST", column + "/resume", Scope.WRITE, action(service::resume))
                .add("POST", column + "/cancel", Scope.ADMIN, action(service::cancelChange));
    }

    /** The body that creates a column. */
    private static final class NewBody {
        private @Nullable String name;
        private @Nullable String source;
        private @Nullable String model;
        private boolean autoUpdate = true;
        private boolean cache = true;
        private boolean adopt;

        private void member(JsonReader json, String member) {
            switch (member) {
                case "name" -> name = json.string();
                case "source_column" -> source = json.string();
                case "model" -> model = json.string();
                case "auto_update" -> autoUpdate = json.nothing() || json.bool();
                case "cache" -> cache = json.nothing() || json.bool();
                case "adopt" -> adopt = !json.nothing() && json.bool();
                default -> throw new IllegalStateException(member);
            }
        }

        private NewComputedColumn column() {
            if (name == null) {
                throw InvalidInputException.missing("name");
            }
            if (source == null) {
                throw InvalidInputException.missing("source_column");
            }
            if (model == null) {
                throw InvalidInputException.missing("model");
            }
            return new NewComputedColumn(name, source, model, autoUpdate, cache, adopt);
        }
    }

    private Mono<Answer> create(Call call) {
        JsonReader json = call.json();
        NewBody body = new NewBody();
        json.object(NEW, body::member);
        json.end();
        NewComputedColumn wanted = body.column();
        String path = call.exchange().getRequest().getPath().value();
        return call.blocking(
                () -> service.create(call.variable(0), wanted, call.account()),
                created -> Answer.created(
                        new JsonWriter(256)
                                .put(piece("{\"column_name\":"))
                                .value(created.name())
                                .put(piece(",\"type\":\"embedding\",\"dimensions\":"))
                                .value(created.dimensions())
                                .put(piece(",\"model\":"))
                                .value(created.model())
                                .put(piece(",\"source\":"))
                                .value(created.source())
                                .put('}'),
                        path.substring(0, path.lastIndexOf('/') + 1)
                                + UriUtils.encode(created.name(), StandardCharsets.UTF_8)));
    }

    private Mono<Answer> list(Call call) {
        call.query();
        return call.blocking(() -> service.list(call.variable(0)), this::render);
    }

    private Answer render(List<ComputedColumn> columns) {
        JsonWriter json = new JsonWriter(64 + 512 * columns.size()).put(piece("{\"columns\":"));
        json.array(columns, (to, column) -> {
            write(to, column);
            to.put('}');
        });
        return Answer.ok(json.put('}'));
    }

    private Mono<Answer> get(Call call) {
        QueryParameters query = call.query("failed_after", "failed_limit");
        long after = query.integer("failed_after", 0, 0, Integer.MAX_VALUE);
        int limit = query.integer("failed_limit", FAILURES, 1, ComputedColumnService.MAX_FAILURES);
        record Shown(ComputedColumn column, FailedCells failures) {}
        return call.blocking(
                () -> new Shown(
                        service.get(call.variable(0), call.variable(1)),
                        service.failures(call.variable(0), call.variable(1), after, limit)),
                shown -> {
                    JsonWriter json = new JsonWriter(1024);
                    write(json, shown.column());
                    write(json, shown.failures());
                    return Answer.ok(json.put('}'));
                });
    }

    private Mono<Answer> change(Call call) {
        JsonReader json = call.json();
        String[] model = new String[1];
        Boolean[] flags = new Boolean[2];
        json.object(CHANGE, (member, name) -> {
            if (member.nothing()) {
                return;
            }
            switch (name) {
                case "model" -> model[0] = member.string();
                case "auto_update" -> flags[0] = member.bool();
                default -> flags[1] = member.bool();
            }
        });
        json.end();
        ComputedChange change = new ComputedChange(model[0], flags[0], flags[1]);
        return call.blocking(
                () -> service.change(call.variable(0), call.variable(1), change, call.account()), this::render);
    }

    private Answer render(ComputedColumn column) {
        JsonWriter json = new JsonWriter(512);
        write(json, column);
        return Answer.ok(json.put('}'));
    }

    private interface Action {
        ComputedColumn on(String table, String column);
    }

    private Endpoint action(Action action) {
        return Endpoint.with(
                call -> {
                    readNothing(call);
                    return call.blocking(() -> action.on(call.variable(0), call.variable(1)), this::render);
                },
                Endpoint.Extra.NO_BODY);
    }

    private Mono<Answer> refresh(Call call) {
        TableSchema schema = rows.schema(call.variable(0), call.rights());
        Predicate[] where = new Predicate[1];
        Duration wait = wait(call, REFRESH, (json, name) -> {
            if (!json.nothing()) {
                where[0] = FilterParser.parse(json.tree(), "where", schema.fields());
            }
        });
        return recomputed(
                call,
                () -> service.refresh(call.variable(0), call.variable(1), where[0], wait, call.account()),
                cells -> new JsonWriter(96).put('{'));
    }

    private Mono<Answer> retry(Call call) {
        Duration wait = wait(call, RETRY, (json, name) -> {
            throw new IllegalStateException(name);
        });
        return recomputed(
                call,
                () -> service.retry(call.variable(0), call.variable(1), wait, call.account()),
                cells -> new JsonWriter(96)
                        .put(piece("{\"retried\":"))
                        .value(cells.cells())
                        .put(','));
    }

    /**
     * Reads a body that may be missing.
     *
     * @param other reads members other than {@code wait}
     * @return how long to wait for the vectors: long enough to leave time to answer, or zero
     */
    private static Duration wait(Call call, Fields fields, BiConsumer<JsonReader, String> other) {
        boolean[] waits = {true};
        if (call.hasBody()) {
            JsonReader json = call.json();
            json.object(fields, (member, name) -> {
                if (name.equals("wait")) {
                    waits[0] = member.nothing() || member.bool();
                } else {
                    other.accept(member, name);
                }
            });
            json.end();
        }
        Duration left = call.timeLeft();
        Duration spare = left.dividedBy(SPARE_SHARE);
        return waits[0] ? left.minus(spare.compareTo(MOST_SPARE) < 0 ? spare : MOST_SPARE) : Duration.ZERO;
    }

    private static Mono<Answer> recomputed(
            Call call, Supplier<CompletableFuture<Recomputed>> work, Function<Recomputed, JsonWriter> begin) {
        return call.answer(
                () -> call.offload().compose(work),
                cells -> Answer.ok(begin.apply(cells)
                        .put(piece("\"refreshed\":"))
                        .value(cells.refreshed())
                        .put(piece(",\"failed\":"))
                        .value(cells.failed())
                        .put(piece(",\"skipped\":"))
                        .value(cells.skipped())
                        .put(piece(",\"pending\":"))
                        .value(cells.pending())
                        .put('}')));
    }

    /** Reads no body, or an empty object. */
    private static void readNothing(Call call) {
        if (call.hasBody()) {
            JsonReader json = call.json();
            json.object(NOTHING, (member, name) -> {});
            json.end();
        }
    }

    /** Writes a column as an object, without the closing brace. */
    private void write(JsonWriter json, ComputedColumn column) {
        json.put(piece("{\"column_name\":")).value(column.name());
        json.put(piece(",\"type\":\"embedding\",\"dimensions\":")).value(column.dimensions());
        json.put(piece(",\"metric\":")).value(column.metric().wireName());
        json.put(piece(",\"model\":")).value(column.model());
        json.put(piece(",\"model_fingerprint\":"))
                .value(models.knownFingerprint(column.model()).orElse(null));
        json.put(piece(",\"source\":")).value(column.source());
        json.put(piece(",\"auto_update\":")).value(column.autoUpdate());
        json.put(piece(",\"cache\":")).value(column.cache());
        write(json, column.fill());
        Change change = column.change();
        json.put(piece(",\"change\":"));
        if (change == null) {
            json.json(null);
        } else {
            json.put(piece("{\"model\":")).value(change.model());
            json.put(piece(",\"dimensions\":")).value(change.dimensions());
            write(json, change.fill());
            json.put('}');
        }
    }

    private static void write(JsonWriter json, Fill fill) {
        CellCounts cells = fill.cells();
        json.put(piece(",\"status\":")).value(fill.status().wireName());
        json.put(piece(",\"cells\":{\"ready\":")).value(cells.ready());
        json.put(piece(",\"pending\":")).value(cells.pending());
        json.put(piece(",\"failed\":")).value(cells.failed());
        json.put(piece(",\"empty\":")).value(cells.empty());
        json.put(piece("},\"error\":")).value(fill.error());
    }

    /** Writes further members of that object. */
    private static void write(JsonWriter json, FailedCells failures) {
        json.put(piece(",\"failed_cells\":")).array(failures.cells(), (to, cell) -> {
            to.put(piece("{\"key\":")).value(cell.key());
            to.put(piece(",\"error\":")).value(cell.error()).put('}');
        });
        json.put(piece(",\"next_failed\":"));
        if (failures.next() == null) {
            json.json(null);
        } else {
            json.value(failures.next().longValue());
        }
    }
}
