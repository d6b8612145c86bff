package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import com.akidb.table.IndexService;
import com.akidb.table.IndexService.NewIndex;
import com.akidb.vector.Metric;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** Indexes of tables: create, list, show, rebuild, drop. */
final class IndexEndpoints {

    private final IndexService service;

    IndexEndpoints(IndexService service) {
        this.service = service;
    }

    void addTo(RouteTable routes, String path) {
        String index = path + "/{index}";
        routes.add("POST", path + "/vector", Scope.ADMIN, call -> create(call, IndexBody.readVector(call.json())))
                .add(
                        "POST",
                        path + "/btree",
                        Scope.ADMIN,
                        call -> create(call, IndexBody.readScalar(call.json(), IndexMethod.BTREE)))
                .add(
                        "POST",
                        path + "/text",
                        Scope.ADMIN,
                        call -> create(call, IndexBody.readScalar(call.json(), IndexMethod.TEXT)))
                .add("GET", path, Scope.READ, this::list)
                .add("GET", index, Scope.READ, this::get)
                .add("DELETE", index, Scope.ADMIN, this::drop)
                .add("POST", index + "/rebuild", Scope.ADMIN, Endpoint.with(this::rebuild, Endpoint.Extra.NO_BODY));
    }

    private Mono<Answer> create(Call call, NewIndex wanted) {
        String path = call.exchange().getRequest().getPath().value();
        String indexes = path.substring(0, path.lastIndexOf('/') + 1);
        return call.blocking(() -> service.create(call.variable(0), wanted), made -> {
            IndexDefinition definition = Objects.requireNonNull(made.definition());
            JsonWriter json = new JsonWriter(256).put(piece("{\"index_name\":")).value(definition.name());
            json.put(piece(",\"column\":")).value(made.column());
            json.put(piece(",\"method\":")).value(method(definition));
            json.put(piece(",\"status\":")).value(status(made)).put('}');
            return Answer.created(json, indexes + UriUtils.encode(definition.name(), StandardCharsets.UTF_8));
        });
    }

    private Mono<Answer> list(Call call) {
        call.query();
        return call.blocking(
                () -> service.list(call.variable(0)),
                all -> Answer.ok(new JsonWriter(512)
                        .put(piece("{\"indexes\":"))
                        .array(named(all), IndexEndpoints::writeWithPast)
                        .put('}')));
    }

    private Mono<Answer> get(Call call) {
        call.query();
        return call.blocking(() -> service.get(call.variable(0), call.variable(1)), IndexEndpoints::render);
    }

    private Mono<Answer> rebuild(Call call) {
        call.query();
        return call.blocking(() -> service.rebuild(call.variable(0), call.variable(1)), IndexEndpoints::render);
    }

    private Mono<Answer> drop(Call call) {
        call.query();
        return call.blocking(
                () -> {
                    service.drop(call.variable(0), call.variable(1));
                    return true;
                },
                done -> Answer.noContent());
    }

    private static Answer render(IndexStatus index) {
        return Answer.ok(writeWithPast(new JsonWriter(256), index));
    }

    /** With what its searches found before. */
    static JsonWriter writeWithPast(JsonWriter json, IndexStatus index) {
        write(json, index, Objects.requireNonNull(index.definition()), true);
        return json;
    }

    /** Writes the indexes that users created as an array; the implicit ones of vector columns are left out. */
    static JsonWriter write(JsonWriter json, List<IndexStatus> indexes) {
        return json.array(
                named(indexes), (to, index) -> write(to, index, Objects.requireNonNull(index.definition()), false));
    }

    private static List<IndexStatus> named(List<IndexStatus> indexes) {
        return indexes.stream().filter(index -> index.definition() != null).toList();
    }

    private static JsonWriter write(JsonWriter json, IndexStatus index, IndexDefinition definition, boolean withPast) {
        json.put(piece("{\"name\":")).value(definition.name());
        json.put(piece(",\"type\":")).value(definition.method().isVector() ? "vector" : method(definition));
        json.put(piece(",\"column\":")).value(index.column());
        json.put(piece(",\"columns\":")).strings(definition.columns());
        json.put(piece(",\"method\":")).value(method(definition));
        if (definition.metric() != null) {
            json.put(piece(",\"metric\":")).value(definition.metric().wireName());
            json.put(piece(",\"parameters\":")).numbers(new TreeMap<>(definition.parameters()));
        }
        json.put(piece(",\"status\":")).value(status(index));
        json.put(piece(",\"percent\":")).value(index.percent());
        json.put(piece(",\"rows\":")).value(index.rows());
        json.put(piece(",\"memory_bytes\":")).value(index.memoryBytes());
        if (index.recall() != null) {
            json.put(piece(",\"recall\":")).value(index.recall().doubleValue());
        }
        if (withPast && !index.recalls().isEmpty()) {
            json.put(piece(",\"recall_history\":"))
                    .array(
                            index.recalls(),
                            (to, then) -> to.put(piece("{\"at\":"))
                                    .value(then.at()
                                            .truncatedTo(ChronoUnit.SECONDS)
                                            .toString())
                                    .put(piece(",\"recall\":"))
                                    .value(then.share())
                                    .put('}'));
        }
        if (index.error() != null) {
            json.put(piece(",\"error\":")).value(index.error());
        }
        return json.put('}');
    }

    /** {@code building}, {@code ready} or {@code failed}; an index of so few rows that they are compared exactly is ready. */
    static String status(IndexStatus index) {
        return index.state().equals("exact") ? "ready" : index.state();
    }

    static String method(IndexDefinition definition) {
        return definition.method().name().toLowerCase(Locale.ROOT);
    }

    /** The bodies that create indexes. */
    private static final class IndexBody {

        private static final Fields VECTOR = Fields.of("column", "method", "metric", "parameters");
        private static final Fields SCALAR = Fields.of("columns");
        private static final Fields PARAMETERS = Fields.of(NewIndex.PARAMETERS);

        private final List<String> columns = new ArrayList<>();
        private final Map<String, Integer> parameters = new HashMap<>();
        private @Nullable IndexMethod method;
        private @Nullable Metric metric;

        /** An index over an embedding column. */
        static NewIndex readVector(JsonReader json) {
            IndexBody body = new IndexBody();
            json.object(VECTOR, body::member);
            json.end();
            if (body.columns.isEmpty()) {
                throw InvalidInputException.missing("column");
            }
            if (body.method == null) {
                throw InvalidInputException.missing("method");
            }
            if (body.metric == null) {
                throw InvalidInputException.missing("metric");
            }
            return new NewIndex(body.method, body.columns, body.metric, body.parameters);
        }

        /** An index over scalar columns. */
        static NewIndex readScalar(JsonReader json, IndexMethod method) {
            IndexBody body = new IndexBody();
            json.object(SCALAR, body::member);
            json.end();
            if (body.columns.isEmpty()) {
                throw InvalidInputException.missing("columns");
            }
            return new NewIndex(method, body.columns, null, Map.of());
        }

        private void member(JsonReader json, String name) {
            switch (name) {
                case "column" -> columns.add(json.string());
                case "method" -> method = method(json.string());
                case "metric" -> metric = Metric.parse(json.string(), json.path());
                case "parameters" -> {
                    if (!json.nothing()) {
                        json.object(
                                PARAMETERS,
                                (value, parameter) -> parameters.put(parameter, value.integer(0, Integer.MAX_VALUE)));
                    }
                }
                case "columns" ->
                    json.array("an array of column names", (item, index) -> {
                        if (index == NewIndex.MAX_COLUMNS) {
                            throw new InvalidInputException(
                                    ErrorCode.OUT_OF_RANGE,
                                    "columns must be at most " + NewIndex.MAX_COLUMNS,
                                    "columns");
                        }
                        columns.add(item.string());
                    });
                default -> throw new IllegalStateException(name);
            }
        }

        private static IndexMethod method(String name) {
            return switch (name) {
                case "hnsw" -> IndexMethod.HNSW;
                case "ivfflat" -> IndexMethod.IVFFLAT;
                default ->
                    throw new InvalidInputException(
                            ErrorCode.INVALID_ARGUMENT,
                            "method must be hnsw or ivfflat, got '"
                                    + (name.length() > 64 ? name.substring(0, 64) : name) + "'",
                            "method");
            };
        }
    }
}
