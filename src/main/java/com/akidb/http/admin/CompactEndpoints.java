package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.backup.CompactionRun;
import com.akidb.backup.Compactions;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;

/** Giving back what the database does not use: begin it, show how it goes on. */
final class CompactEndpoints {

    private static final String PATH = "/api/v1/compact";

    private final Compactions compactions;

    CompactEndpoints(Compactions compactions) {
        this.compactions = compactions;
    }

    void addTo(RouteTable routes) {
        routes.add("POST", PATH, Scope.ADMIN, Endpoint.with(this::start, Endpoint.Extra.NO_BODY))
                .add("GET", PATH, Scope.ADMIN, this::get);
    }

    private Mono<Answer> start(Call call) {
        call.query();
        return call.blocking(compactions::start, begun -> {
            JsonWriter json = write(new JsonWriter(256), begun);
            return new Answer(
                    HttpStatus.ACCEPTED,
                    ByteBuffer.wrap(json.array(), 0, json.size()),
                    Answer.JSON,
                    Map.of(HttpHeaders.LOCATION, PATH));
        });
    }

    private Mono<Answer> get(Call call) {
        call.query();
        return call.blocking(compactions::latest, latest -> Answer.ok(write(new JsonWriter(256), latest)));
    }

    private static JsonWriter write(JsonWriter json, CompactionRun run) {
        json.put(piece("{\"state\":")).value(run.state().name().toLowerCase(Locale.ROOT));
        json.put(piece(",\"started_at\":")).value(run.startedAt().toString());
        if (run.endedAt() != null) {
            json.put(piece(",\"ended_at\":")).value(run.endedAt().toString());
        }
        json.put(piece(",\"bytes_before\":")).value(run.before().bytes());
        json.put(piece(",\"bytes\":")).value(run.now().bytes());
        json.put(piece(",\"free_bytes\":")).value(run.now().freeBytes());
        if (run.error() != null) {
            json.put(piece(",\"error\":")).value(run.error());
        }
        return json.put('}');
    }
}
