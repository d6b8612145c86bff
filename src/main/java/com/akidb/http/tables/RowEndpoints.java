package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.WriteResult;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.MediaTypes;
import com.akidb.http.server.QueryParameters;
import com.akidb.http.server.RouteTable;
import com.akidb.query.Predicate;
import com.akidb.security.Scope;
import com.akidb.table.Projection.Selected;
import com.akidb.table.RowService;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.RowService.RowUpdate;
import com.akidb.table.TableSchema;
import java.util.List;
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
        routes.add("POST", path, Scope.WRITE, Endpoint.with(this::insert, Endpoint.Extra.LINES_IN))
                .add("PATCH", path, Scope.WRITE, this::update)
                .add("DELETE", path, Scope.WRITE, Endpoint.with(this::delete, Endpoint.Extra.BODY))
                .add("GET", row, Scope.READ, this::get)
                .add("PATCH", row, Scope.WRITE, this::updateOne)
                .add("DELETE", row, Scope.WRITE, this::deleteOne);
    }

    private Mono<Answer> insert(Call call) {
        TableSchema schema = service.schema(call.variable(0));
        boolean lines = MediaTypes.isLines(call.exchange().getRequest().getHeaders());
        QueryParameters query = lines ? call.query("on_conflict", "embed") : call.query();
        RowInsert insert = lines ? RowsBody.readLines(call.json(), query, schema) : RowsBody.read(call.json(), schema);
        return call.answer(
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
        RowUpdate update = ChangeBody.update(call.json(), service.schema(call.variable(0)));
        return update(call, update);
    }

    private Mono<Answer> updateOne(Call call) {
        RowUpdate update = ChangeBody.update(call.json(), service.schema(call.variable(0)), call.variable(1));
        return update(call, update);
    }

    private Mono<Answer> update(Call call, RowUpdate update) {
        return call.answer(
                () -> service.update(update, call.timeLeft(), call.account()),
                result -> counted("updated", result.updated(), result.version()));
    }

    private Mono<Answer> delete(Call call) {
        TableSchema schema = service.schema(call.variable(0));
        Predicate where = ChangeBody.delete(call.json(), schema);
        return call.answer(
                () -> service.delete(schema, where, call.account()),
                result -> counted("deleted", result.deleted(), result.version()));
    }

    private Mono<Answer> deleteOne(Call call) {
        call.query();
        TableSchema schema = service.schema(call.variable(0));
        return call.answer(
                () -> service.delete(schema, call.variable(1), call.account()),
                result -> counted("deleted", result.deleted(), result.version()));
    }

    private static Answer counted(String what, int rows, long version) {
        JsonWriter json = new JsonWriter(64).put(piece("{\"" + what + "\":")).value(rows);
        return Answer.ok(json.put(piece(",\"version\":")).value(version).put('}'));
    }

    private Mono<Answer> get(Call call) {
        QueryParameters query = call.query("include_vectors", "include_meta");
        boolean meta = query.flag("include_meta");
        TableSchema schema = service.schema(call.variable(0));
        List<Selected> select = schema.all(query.flag("include_vectors"));
        return call.blocking(() -> service.get(schema, call.variable(1), select), row -> {
            JsonWriter json = new JsonWriter(512);
            new RowJson(select, meta).write(json, row);
            return Answer.ok(json);
        });
    }
}
