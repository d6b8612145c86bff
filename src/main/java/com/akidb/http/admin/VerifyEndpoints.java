package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.backup.DataCheck.Problem;
import com.akidb.backup.Verification;
import com.akidb.backup.Verifications;
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

/** Reading all that the server keeps: begin it, show how it goes on and what was found. */
final class VerifyEndpoints {

    private static final String PATH = "/api/v1/verify";

    private final Verifications verifications;

    VerifyEndpoints(Verifications verifications) {
        this.verifications = verifications;
    }

    void addTo(RouteTable routes) {
        routes.add("POST", PATH, Scope.ADMIN, Endpoint.with(this::start, Endpoint.Extra.NO_BODY))
                .add("GET", PATH, Scope.ADMIN, this::get);
    }

    private Mono<Answer> start(Call call) {
        call.query();
        return call.blocking(verifications::start, begun -> {
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
        return call.blocking(verifications::latest, latest -> Answer.ok(write(new JsonWriter(256), latest)));
    }

    private static JsonWriter write(JsonWriter json, Verification verification) {
        json.put(piece("{\"state\":")).value(verification.state().name().toLowerCase(Locale.ROOT));
        json.put(piece(",\"started_at\":")).value(verification.startedAt().toString());
        if (verification.endedAt() != null) {
            json.put(piece(",\"ended_at\":")).value(verification.endedAt().toString());
        }
        if (!verification.step().isEmpty()) {
            json.put(piece(",\"step\":")).value(verification.step());
        }
        if (verification.state() == Verification.State.COMPLETE) {
            json.put(piece(",\"problems\":")).array(verification.problems(), VerifyEndpoints::write);
        }
        if (verification.error() != null) {
            json.put(piece(",\"error\":")).value(verification.error());
        }
        return json.put('}');
    }

    private static JsonWriter write(JsonWriter json, Problem problem) {
        json.put(piece("{\"file\":")).value(problem.file().toString());
        json.put(piece(",\"what\":")).value(problem.what());
        return json.put(piece(",\"harmless\":")).value(problem.harmless()).put('}');
    }
}
