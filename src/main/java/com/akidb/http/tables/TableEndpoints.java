package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.engine.ColumnType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Endpoint.Extra;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import com.akidb.table.ColumnFacts;
import com.akidb.table.TableService;
import com.akidb.table.TableService.ColumnDescription;
import com.akidb.table.TableService.NewColumn;
import com.akidb.table.TableService.NewTable;
import com.akidb.table.TableService.TableDescription;
import com.akidb.table.TypeNames;
import com.akidb.vector.Metric;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** Tables and their columns: create, list, describe, rename, drop. */
final class TableEndpoints {

    private final TableService service;
    private final EmbeddingManager models;

    TableEndpoints(TableService service, EmbeddingManager models) {
        this.service = service;
        this.models = models;
    }

    void addTo(RouteTable routes, String path) {
        String table = path + "/{table}";
        routes.add("POST", path, Scope.ADMIN, this::create)
                .add("GET", path, Scope.READ, Endpoint.with(this::list, Extra.LIMITED))
                .add("GET", table, Scope.READ, Endpoint.with(this::describe, Extra.LIMITED))
                .add("PATCH", table, Scope.ADMIN, this::rename)
                .add("DELETE", table, Scope.ADMIN, this::drop)
                .add("POST", table + "/columns", Scope.ADMIN, this::addColumn)
                .add("PATCH", table + "/columns/{column}", Scope.ADMIN, this::renameColumn)
                .add("DELETE", table + "/columns/{column}", Scope.ADMIN, this::dropColumn);
    }

    private Mono<Answer> create(Call call) {
        NewTable table = TableBody.read(call.json());
        call.concerns(table.name());
        String path = call.exchange().getRequest().getPath().value();
        return call.blocking(
                () -> service.create(table),
                created -> Answer.created(
                        write(new JsonWriter(1024), created),
                        path + "/" + UriUtils.encode(created.name(), StandardCharsets.UTF_8)));
    }

    private Mono<Answer> list(Call call) {
        call.query();
        return call.blocking(() -> service.list(call.rights()), tables -> {
            JsonWriter json = new JsonWriter(64 + 1024 * tables.size()).put(piece("{\"tables\":"));
            return Answer.ok(json.array(tables, this::write).put('}'));
        });
    }

    private Mono<Answer> describe(Call call) {
        call.query();
        return call.blocking(() -> service.describe(call.variable(0), call.rights()), this::render);
    }

    private Mono<Answer> rename(Call call) {
        String name = TableBody.readName(call.json());
        return call.blocking(() -> service.rename(call.variable(0), name), this::render);
    }

    private Mono<Answer> drop(Call call) {
        call.query();
        return call.blocking(
                () -> {
                    service.drop(call.variable(0));
                    return true;
                },
                done -> Answer.noContent());
    }

    private Mono<Answer> addColumn(Call call) {
        JsonReader json = call.json();
        NewColumn column = ColumnBody.read(json);
        json.end();
        return call.blocking(
                () -> service.addColumn(call.variable(0), column),
                described -> Answer.json(HttpStatus.CREATED, write(new JsonWriter(1024), described)));
    }

    private Mono<Answer> renameColumn(Call call) {
        String name = TableBody.readName(call.json());
        return call.blocking(() -> service.renameColumn(call.variable(0), call.variable(1), name), this::render);
    }

    private Mono<Answer> dropColumn(Call call) {
        call.query();
        return call.blocking(() -> service.dropColumn(call.variable(0), call.variable(1)), this::render);
    }

    private Answer render(TableDescription table) {
        return Answer.ok(write(new JsonWriter(1024), table));
    }

    private JsonWriter write(JsonWriter json, TableDescription table) {
        json.put(piece("{\"name\":")).value(table.name());
        json.put(piece(",\"kind\":")).value(table.collection() ? ColumnFacts.COLLECTION : ColumnFacts.TABLE);
        json.put(piece(",\"columns\":")).array(table.columns(), this::write);
        json.put(piece(",\"primary_key\":")).value(table.primaryKey());
        json.put(piece(",\"row_count\":")).value(table.rowCount());
        json.put(piece(",\"version\":")).value(table.version());
        json.put(piece(",\"created_at\":")).value(table.createdAt().toString());
        json.put(piece(",\"indexes\":"));
        return IndexEndpoints.write(json, table.indexes()).put('}');
    }

    private void write(JsonWriter json, ColumnDescription column) {
        json.put(piece("{\"name\":")).value(column.name());
        json.put(piece(",\"type\":")).value(TypeNames.of(column.type()));
        json.put(piece(",\"required\":")).value(column.required());
        json.put(piece(",\"unique\":")).value(column.unique());
        json.put(piece(",\"default\":"));
        RowJson.writeCell(json, column.type(), column.defaultValue());
        if (column.dimensions() != null) {
            json.put(piece(",\"dimensions\":")).value(column.dimensions().longValue());
        }
        if (column.metric() != null) {
            json.put(piece(",\"metric\":")).value(column.metric().wireName());
        }
        ColumnFacts.Computed computed = column.computed();
        if (computed != null) {
            json.put(piece(",\"computed\":{\"source\":")).value(computed.source());
            json.put(piece(",\"model\":")).value(computed.model());
            json.put(piece(",\"model_fingerprint\":"))
                    .value(models.knownFingerprint(computed.model()).orElse(null));
            json.put(piece(",\"auto_update\":")).value(computed.autoUpdate());
            json.put(piece(",\"cache\":")).value(computed.cache()).put('}');
        }
        json.put('}');
    }

    /** The bodies that create and rename tables. */
    private static final class TableBody {

        private static final Fields FIELDS = Fields.of("name", "columns", "primary_key");
        private static final Fields NAME = Fields.of("name");

        private @Nullable String name;
        private @Nullable List<NewColumn> columns;
        private @Nullable String primaryKey;

        static NewTable read(JsonReader json) {
            TableBody body = new TableBody();
            json.object(FIELDS, body::member);
            json.end();
            if (body.columns == null) {
                throw InvalidInputException.missing("columns");
            }
            return new NewTable(body.name(), body.columns, body.primaryKey);
        }

        /** The new name of a table or a column. */
        static String readName(JsonReader json) {
            TableBody body = new TableBody();
            json.object(NAME, body::member);
            json.end();
            return body.name();
        }

        private String name() {
            if (name == null) {
                throw InvalidInputException.missing("name");
            }
            return name;
        }

        private void member(JsonReader json, String member) {
            switch (member) {
                case "name" -> name = json.string();
                case "primary_key" -> primaryKey = json.stringOrNull();
                case "columns" -> {
                    List<NewColumn> all = new ArrayList<>();
                    json.array("an array of columns", (column, index) -> {
                        if (index == NewTable.MAX_COLUMNS) {
                            throw new InvalidInputException(
                                    ErrorCode.OUT_OF_RANGE,
                                    "columns must be at most " + NewTable.MAX_COLUMNS,
                                    "columns");
                        }
                        all.add(ColumnBody.read(column));
                    });
                    columns = all;
                }
                default -> throw new IllegalStateException(member);
            }
        }
    }

    /** A column to create, as a whole body or within one. */
    private static final class ColumnBody {

        private static final Fields FIELDS =
                Fields.of("name", "type", "required", "default", "unique", "dimensions", "metric");

        private final String at;
        private @Nullable String name;
        private @Nullable ColumnType type;
        private boolean required;
        private boolean unique;
        private @Nullable String fallback;
        private @Nullable Integer dimensions;
        private @Nullable Metric metric;

        private ColumnBody(String path) {
            this.at = path.isEmpty() ? "" : path + ".";
        }

        /** Reads one column; more input may follow. */
        static NewColumn read(JsonReader json) {
            ColumnBody body = new ColumnBody(json.path());
            json.object(FIELDS, body::member);
            return body.column();
        }

        private void member(JsonReader json, String member) {
            switch (member) {
                case "name" -> name = json.string();
                case "type" -> type = TypeNames.parse(json.string(), json.path());
                case "required" -> required = !json.nothing() && json.bool();
                case "unique" -> unique = !json.nothing() && json.bool();
                case "default" -> fallback = json.raw();
                case "dimensions" -> dimensions = json.nothing() ? null : json.integer(1, Integer.MAX_VALUE);
                case "metric" -> metric = json.nothing() ? null : Metric.parse(json.string(), json.path());
                default -> throw new IllegalStateException(member);
            }
        }

        private NewColumn column() {
            if (name == null) {
                throw InvalidInputException.missing(at + "name");
            }
            if (type == null) {
                throw InvalidInputException.missing(at + "type");
            }
            Object value = fallback == null ? null : RowJson.readCell(JsonReader.of(fallback, at + "default"), type);
            return new NewColumn(name, type, required, unique, value, dimensions, metric);
        }
    }
}
