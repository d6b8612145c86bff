package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.Mutation.IfMissing;
import com.akidb.engine.OnConflict;
import com.akidb.engine.WriteResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.http.arrow.ArrowStream;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.json.VectorFormat;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Endpoint.Extra;
import com.akidb.http.server.MediaTypes;
import com.akidb.http.server.QueryParameters;
import com.akidb.http.server.RouteTable;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.security.Scope;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.RowService.RowUpdate;
import com.akidb.table.RowService.RowUpdates;
import com.akidb.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;

/** Rows of a table: insert, show, change, delete. */
final class RowEndpoints {

    private final RowService service;

    RowEndpoints(RowService service) {
        this.service = service;
    }

    /** Adds the routes under a path such as {@code /tables/{table}/rows}. */
    void addTo(RouteTable routes, String path) {
        String row = path + "/{key}";
        routes.add(
                        "POST",
                        path,
                        Scope.WRITE,
                        Endpoint.with(this::insert, Extra.LINES_IN, Extra.ARROW_IN, Extra.ONCE, Extra.LIMITED))
                .add("PATCH", path, Scope.WRITE, Endpoint.with(this::update, Extra.ONCE, Extra.LIMITED))
                .add("DELETE", path, Scope.WRITE, Endpoint.with(this::delete, Extra.BODY, Extra.ONCE, Extra.LIMITED))
                .add("GET", row, Scope.READ, Endpoint.with(this::get, Extra.LIMITED))
                .add("PATCH", row, Scope.WRITE, Endpoint.with(this::updateOne, Extra.ONCE, Extra.LIMITED))
                .add("DELETE", row, Scope.WRITE, Endpoint.with(this::deleteOne, Extra.ONCE, Extra.LIMITED));
    }

    private Mono<Answer> insert(Call call) {
        TableSchema schema = service.schema(call.variable(0), call.rights());
        HttpHeaders headers = call.exchange().getRequest().getHeaders();
        boolean arrow = MediaTypes.isArrow(headers);
        boolean lines = MediaTypes.isLines(headers);
        QueryParameters query = arrow || lines ? call.query("on_conflict", "embed") : call.query();
        RowInsert insert = arrow
                ? RowsBody.readArrow(call.arrow("rows"), query, schema)
                : lines ? RowsBody.readLines(call.json(), query, schema) : RowsBody.read(call.json(), schema);
        return call.write(
                () -> service.insert(insert, call.timeLeft(), call.account()),
                result -> Answer.json(HttpStatus.CREATED, inserted(result)));
    }

    private static JsonWriter inserted(WriteResult result) {
        JsonWriter json = new JsonWriter(96).put(piece("{\"inserted\":")).value(result.inserted());
        json.put(piece(",\"updated\":")).value(result.replaced());
        json.put(piece(",\"ignored\":")).value(result.ignored());
        return json.put(piece(",\"version\":")).value(result.version()).put('}');
    }

    private Mono<Answer> update(Call call) {
        ChangeBody body = ChangeBody.several(call.json(), service.schema(call.variable(0), call.rights()));
        List<Map<String, @Nullable Object>> each = body.rows;
        if (each == null) {
            return update(call, body.update());
        }
        RowUpdates updates = body.updates(each);
        return call.write(
                () -> service.update(updates, call.timeLeft(), call.account()), result -> Answer.ok(updated(result)));
    }

    private static JsonWriter updated(WriteResult result) {
        JsonWriter json = new JsonWriter(64).put(piece("{\"updated\":")).value(result.updated());
        json.put(piece(",\"missing\":")).value(result.ignored());
        return json.put(piece(",\"version\":")).value(result.version()).put('}');
    }

    private Mono<Answer> updateOne(Call call) {
        ChangeBody body = ChangeBody.one(call.json(), service.schema(call.variable(0), call.rights()));
        return update(call, body.update(call.variable(1)));
    }

    private Mono<Answer> update(Call call, RowUpdate update) {
        return call.write(
                () -> service.update(update, call.timeLeft(), call.account()),
                result -> counted("updated", result.updated(), result.version()));
    }

    private Mono<Answer> delete(Call call) {
        TableSchema schema = service.schema(call.variable(0), call.rights());
        Predicate where = ChangeBody.delete(call.json(), schema);
        return call.write(
                () -> service.delete(schema, where, call.account()),
                result -> counted("deleted", result.deleted(), result.version()));
    }

    private Mono<Answer> deleteOne(Call call) {
        call.query();
        TableSchema schema = service.schema(call.variable(0), call.rights());
        return call.write(
                () -> service.delete(schema, call.variable(1), call.account()),
                result -> counted("deleted", result.deleted(), result.version()));
    }

    private static Answer counted(String what, int rows, long version) {
        JsonWriter json = new JsonWriter(64).put(piece("{\"" + what + "\":")).value(rows);
        return Answer.ok(json.put(piece(",\"version\":")).value(version).put('}'));
    }

    private Mono<Answer> get(Call call) {
        QueryParameters query = call.query("include_vectors", "include_meta", "encoding_format");
        boolean meta = query.flag("include_meta");
        VectorFormat format = VectorFormat.parse(query.text("encoding_format", "float"), "encoding_format");
        TableSchema schema = service.schema(call.variable(0), call.rights());
        List<Selected> select = schema.all(query.flag("include_vectors"));
        return call.blocking(() -> service.get(schema, call.variable(1), select), row -> {
            JsonWriter json = new JsonWriter(512);
            new RowJson(select, meta, format).write(json, row);
            return Answer.ok(json);
        });
    }

    /** The body of {@code POST .../rows}: an object with rows, or one row per line. */
    private static final class RowsBody {

        private static final Fields FIELDS = Fields.of("rows", "on_conflict", "embed");
        private static final List<String> CONFLICTS = List.of("error", "replace", "ignore");
        private static final List<String> EMBEDS = List.of("sync", "async");

        private final RowJson.Parser reader;
        private @Nullable List<@Nullable Object[]> rows;
        private OnConflict onConflict = OnConflict.ERROR;
        private EmbedMode embed = EmbedMode.SYNC;

        private RowsBody(TableSchema schema) {
            this.reader = new RowJson.Parser(schema);
        }

        static RowInsert read(JsonReader json, TableSchema schema) {
            RowsBody body = new RowsBody(schema);
            json.object(FIELDS, body::member);
            json.end();
            if (body.rows == null) {
                throw InvalidInputException.missing("rows");
            }
            return new RowInsert(schema, body.rows, body.onConflict, body.embed);
        }

        private void member(JsonReader json, String name) {
            switch (name) {
                case "rows" -> {
                    List<@Nullable Object[]> all = new ArrayList<>();
                    json.array("an array of rows", (row, index) -> add(all, row, index));
                    rows = all;
                }
                case "on_conflict" -> onConflict = json.nothing() ? onConflict : onConflict(json.string());
                case "embed" -> embed = json.nothing() ? embed : embed(json.string());
                default -> throw new IllegalStateException(name);
            }
        }

        /** Reads one row per line; everything else is in the query string. */
        static RowInsert readLines(JsonReader json, QueryParameters query, TableSchema schema) {
            OnConflict onConflict = onConflict(query.text("on_conflict", "error"));
            EmbedMode embed = embed(query.text("embed", "sync"));
            RowsBody body = new RowsBody(schema);
            List<@Nullable Object[]> all = new ArrayList<>();
            json.sequence("rows", (row, index) -> body.add(all, row, index));
            return new RowInsert(schema, all, onConflict, embed);
        }

        /** Reads rows whose columns are those of a stream; everything else is in the query string. */
        static RowInsert readArrow(ArrowStream arrow, QueryParameters query, TableSchema schema) {
            OnConflict onConflict = onConflict(query.text("on_conflict", "error"));
            EmbedMode embed = embed(query.text("embed", "sync"));
            RowArrow reader = new RowArrow(arrow, schema);
            List<@Nullable Object[]> all = new ArrayList<>();
            arrow.rows((row, index) -> {
                requireRoom(index);
                all.add(reader.row(row, index));
            });
            return new RowInsert(schema, all, onConflict, embed);
        }

        private void add(List<@Nullable Object[]> rows, JsonReader json, int index) {
            requireRoom(index);
            rows.add(reader.row(json));
        }

        static void requireRoom(int index) {
            if (index == RowInsert.MAX_ROWS) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE,
                        "rows must be at most " + RowInsert.MAX_ROWS
                                + " in one request; send the others in further ones",
                        "rows");
            }
        }

        private static OnConflict onConflict(String name) {
            return switch (name) {
                case "error" -> OnConflict.ERROR;
                case "replace" -> OnConflict.REPLACE;
                case "ignore" -> OnConflict.IGNORE;
                default -> throw unknown("on_conflict", name, CONFLICTS);
            };
        }

        static EmbedMode embed(String name) {
            return switch (name) {
                case "sync" -> EmbedMode.SYNC;
                case "async" -> EmbedMode.ASYNC;
                default -> throw unknown("embed", name, EMBEDS);
            };
        }

        static InvalidInputException unknown(String field, String name, List<String> known) {
            String shown = name.length() > 64 ? name.substring(0, 64) : name;
            return new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + " must be one of " + String.join(", ", known) + "; got '" + shown + "'"
                            + Suggestion.hint(name, known),
                    field);
        }
    }

    /**
     * The bodies that update and delete rows: by a condition, {@code where}; several rows with values of their own, {@code
     * rows}; or one row, without either.
     */
    private static final class ChangeBody {

        private static final Fields SEVERAL = Fields.of("where", "values", "rows", "if_missing", "embed");
        private static final Fields BY_KEY = Fields.of("values", "embed");
        private static final Fields DELETE = Fields.of("where");
        private static final List<String> IF_MISSING = List.of("error", "ignore");

        private final TableSchema schema;
        private @Nullable Predicate where;
        private @Nullable Map<String, @Nullable Object> values;
        private @Nullable List<Map<String, @Nullable Object>> rows;
        private @Nullable IfMissing ifMissing;
        private EmbedMode embed = EmbedMode.SYNC;

        private ChangeBody(TableSchema schema) {
            this.schema = schema;
        }

        static ChangeBody several(JsonReader json, TableSchema schema) {
            return read(json, SEVERAL, schema);
        }

        static ChangeBody one(JsonReader json, TableSchema schema) {
            return read(json, BY_KEY, schema);
        }

        /** An update of the rows that satisfy the condition. */
        RowUpdate update() {
            if (ifMissing != null) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, "if_missing", "belongs to rows, which are not there");
            }
            return new RowUpdate(schema, condition(this), null, changes(), embed);
        }

        /** An update of one row. */
        RowUpdate update(String key) {
            return new RowUpdate(schema, null, key, changes(), embed);
        }

        /** An update of rows that have values of their own. */
        RowUpdates updates(List<Map<String, @Nullable Object>> each) {
            if (where != null || values != null) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT,
                        "rows",
                        "cannot be used with " + (where != null ? "where" : "values")
                                + ": they name the rows and the values of each");
            }
            return new RowUpdates(schema, each, ifMissing == null ? IfMissing.ERROR : ifMissing, embed);
        }

        /** The condition of the rows to delete. */
        static Predicate delete(JsonReader json, TableSchema schema) {
            return condition(read(json, DELETE, schema));
        }

        private static ChangeBody read(JsonReader json, Fields fields, TableSchema schema) {
            ChangeBody body = new ChangeBody(schema);
            json.object(fields, body::member);
            json.end();
            return body;
        }

        private void member(JsonReader json, String name) {
            switch (name) {
                case "where" -> where = FilterParser.parse(json.tree(), "where", schema.fields());
                case "values" -> values = new RowJson.Parser(schema).values(json);
                case "rows" -> {
                    RowJson.Parser parser = new RowJson.Parser(schema);
                    List<Map<String, @Nullable Object>> all = new ArrayList<>();
                    json.array("an array of rows", (row, index) -> {
                        RowsBody.requireRoom(index);
                        all.add(parser.values(row));
                    });
                    rows = all;
                }
                case "if_missing" -> ifMissing = json.nothing() ? ifMissing : ifMissing(json.string());
                case "embed" -> embed = json.nothing() ? embed : RowsBody.embed(json.string());
                default -> throw new IllegalStateException(name);
            }
        }

        private static IfMissing ifMissing(String name) {
            return switch (name) {
                case "error" -> IfMissing.ERROR;
                case "ignore" -> IfMissing.IGNORE;
                default -> throw RowsBody.unknown("if_missing", name, IF_MISSING);
            };
        }

        private static Predicate condition(ChangeBody body) {
            if (body.where == null) {
                throw new InvalidInputException(
                        ErrorCode.MISSING_FIELD, "where is missing; an empty list means all rows", "where");
            }
            return body.where;
        }

        private Map<String, @Nullable Object> changes() {
            if (values == null) {
                throw InvalidInputException.missing("values");
            }
            return values;
        }
    }
}
