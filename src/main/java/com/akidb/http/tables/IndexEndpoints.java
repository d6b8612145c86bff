package com.akidb.http.tables;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import com.akidb.table.IndexService;
import com.akidb.table.IndexService.NewIndex;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
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
            json.put(piece(",\"method\":")).value(IndexWriter.method(definition));
            json.put(piece(",\"status\":")).value(IndexWriter.status(made)).put('}');
            return Answer.created(json, indexes + UriUtils.encode(definition.name(), StandardCharsets.UTF_8));
        });
    }

    private Mono<Answer> list(Call call) {
        call.query();
        return call.blocking(
                () -> service.list(call.variable(0)),
                all -> Answer.ok(IndexWriter.write(new JsonWriter(512).put(piece("{\"indexes\":")), all)
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
        return Answer.ok(IndexWriter.write(new JsonWriter(256), index, Objects.requireNonNull(index.definition())));
    }
}
