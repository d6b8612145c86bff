package com.akidb.http.admin;

import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;

/**
 * Long work of which one run goes on at a time: begin it, show how it goes on.
 *
 * @param start begins a run
 * @param latest the run that goes on, or the last one
 * @param write writes a run as JSON
 */
record RunEndpoints<T>(
        String path, Supplier<T> start, Supplier<T> latest, BiFunction<JsonWriter, T, JsonWriter> write) {

    void addTo(RouteTable routes) {
        routes.add("POST", path, Scope.ADMIN, Endpoint.with(this::begin, Endpoint.Extra.NO_BODY))
                .add("GET", path, Scope.ADMIN, this::show);
    }

    private Mono<Answer> begin(Call call) {
        call.query();
        return call.blocking(start, begun -> {
            JsonWriter json = write.apply(new JsonWriter(256), begun);
            return new Answer(
                    HttpStatus.ACCEPTED,
                    ByteBuffer.wrap(json.array(), 0, json.size()),
                    Answer.JSON,
                    Map.of(HttpHeaders.LOCATION, path));
        });
    }

    private Mono<Answer> show(Call call) {
        call.query();
        return call.blocking(latest, run -> Answer.ok(write.apply(new JsonWriter(256), run)));
    }
}
