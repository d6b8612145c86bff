package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Caller;
import com.akidb.security.RightsJson;
import com.akidb.security.Scope;
import reactor.core.publisher.Mono;

/** {@code GET /api/v1/caller}: who the server takes the caller for, so that a client offers only what may be done. */
final class CallerEndpoint {

    void addTo(RouteTable routes) {
        routes.add("GET", "/api/v1/caller", Scope.READ, Endpoint.with(this::get, Endpoint.Extra.LIMITED));
    }

    private Mono<Answer> get(Call call) {
        call.query();
        Caller caller = call.caller();
        JsonWriter json = new JsonWriter(128).put(piece("{\"key\":")).value(caller.name());
        json.put(piece(",\"scopes\":"));
        char before = '[';
        for (Scope scope : Scope.values()) {
            if (caller.may(scope)) {
                json.put(before).value(scope.wireName());
                before = ',';
            }
        }
        json.put(piece("],\"keys\":")).put(piece(caller.hasKey() ? "true" : "false"));
        if (caller.rights().areLimited()) {
            json.put(piece(",\"tables\":")).json(RightsJson.text(caller.rights()));
        }
        if (caller.token() != null) {
            json.put(piece(",\"expires_at\":")).value(caller.token().expiresAt().toString());
        }
        return Mono.just(Answer.ok(json.put('}')));
    }
}
