package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.QueryParameters;
import com.akidb.http.server.RouteTable;
import com.akidb.security.ApiKey;
import com.akidb.security.ApiKeys;
import com.akidb.security.Audit;
import com.akidb.security.RightsJson;
import com.akidb.security.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Which API keys there are, without the keys themselves, and the newest lines of the audit log. */
final class SecurityEndpoints {

    private static final int MOST_LINES = 1_000;
    private static final int USUAL_LINES = 100;

    private final ApiKeys keys;
    private final Audit audit;

    SecurityEndpoints(ApiKeys keys, Audit audit) {
        this.keys = keys;
        this.audit = audit;
    }

    void addTo(RouteTable routes) {
        routes.add("GET", "/api/v1/keys", Scope.ADMIN, this::keys)
                .add("GET", "/api/v1/audit", Scope.ADMIN, this::audit);
    }

    private record Listed(List<ApiKey> keys, Map<String, Instant> uses) {}

    private Mono<Answer> keys(Call call) {
        call.query();
        return call.blocking(() -> new Listed(keys.list(), keys.lastUses()), listed -> {
            JsonWriter json = new JsonWriter(1024).put(piece("{\"keys\":"));
            json.array(listed.keys(), (to, key) -> write(to, key, listed.uses().get(key.id())));
            return Answer.ok(json.put('}'));
        });
    }

    private static void write(JsonWriter json, ApiKey key, @Nullable Instant used) {
        json.put(piece("{\"id\":")).value(key.id());
        json.put(piece(",\"name\":")).value(key.name());
        json.put(piece(",\"scopes\":"))
                .strings(key.scopes().stream().sorted().map(Scope::wireName).toList());
        json.put(piece(",\"created_at\":")).value(key.createdAt().toString());
        if (key.expiresAt() != null) {
            json.put(piece(",\"expires_at\":")).value(key.expiresAt().toString());
        }
        if (used != null) {
            json.put(piece(",\"last_used_at\":")).value(used.toString());
        }
        if (key.rights().areLimited()) {
            json.put(piece(",\"tables\":")).json(RightsJson.text(key.rights()));
        }
        if (key.rate() != null) {
            json.put(piece(",\"requests_per_second\":")).value(key.rate().perSecond());
        }
        json.put('}');
    }

    private Mono<Answer> audit(Call call) {
        QueryParameters given = call.query("limit", "refused");
        int limit = given.integer("limit", USUAL_LINES, 1, MOST_LINES);
        boolean refused = given.flag("refused");
        return call.blocking(() -> refused ? audit.newestRefused(limit) : audit.newest(limit), lines -> {
            JsonWriter json = new JsonWriter(4096)
                    .put(piece("{\"on\":" + audit.isOn() + ",\"entries\":"))
                    .array(lines, (to, line) -> to.put(piece(line)));
            return Answer.ok(json.put('}'));
        });
    }
}
