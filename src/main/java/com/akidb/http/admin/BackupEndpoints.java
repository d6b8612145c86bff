package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.backup.Backup;
import com.akidb.backup.Backups;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.RouteTable;
import com.akidb.security.Scope;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;

/** Backups: begin one, list them, show one. */
final class BackupEndpoints {

    private static final String PATH = "/api/v1/backups";
    private static final Fields FIELDS = Fields.of("name", "include_keys", "include_audit");

    private final Backups backups;

    BackupEndpoints(Backups backups) {
        this.backups = backups;
    }

    void addTo(RouteTable routes) {
        routes.add("POST", PATH, Scope.ADMIN, Endpoint.with(this::start, Endpoint.Extra.NO_BODY))
                .add("GET", PATH, Scope.ADMIN, this::list)
                .add("GET", PATH + "/{backup}", Scope.ADMIN, this::get);
    }

    /** What is wanted of a backup. */
    private static final class Wanted {

        private @Nullable String name;
        private boolean keys;
        private boolean audit;

        void read(JsonReader json) {
            json.object(FIELDS, (value, field) -> {
                switch (field) {
                    case "name" -> name = value.stringOrNull();
                    case "include_keys" -> keys = value.bool();
                    case "include_audit" -> audit = value.bool();
                    default -> throw new IllegalStateException(field);
                }
            });
            json.end();
        }
    }

    private Mono<Answer> start(Call call) {
        call.query();
        Wanted wanted = new Wanted();
        if (call.hasBody()) {
            wanted.read(call.json());
        }
        Backup.Contents contents = new Backup.Contents(wanted.keys, wanted.audit);
        return call.blocking(() -> backups.start(wanted.name, contents), begun -> {
            call.concerns(begun.name());
            JsonWriter json = write(new JsonWriter(256), begun);
            return new Answer(
                    HttpStatus.ACCEPTED,
                    ByteBuffer.wrap(json.array(), 0, json.size()),
                    Answer.JSON,
                    Map.of(HttpHeaders.LOCATION, PATH + "/" + begun.name()));
        });
    }

    private Mono<Answer> list(Call call) {
        call.query();
        return call.blocking(
                backups::list,
                all -> Answer.ok(new JsonWriter(1024)
                        .put(piece("{\"backups\":"))
                        .array(all, BackupEndpoints::write)
                        .put('}')));
    }

    private Mono<Answer> get(Call call) {
        call.query();
        return call.blocking(
                () -> backups.get(call.variable(0)), found -> Answer.ok(write(new JsonWriter(256), found)));
    }

    private static JsonWriter write(JsonWriter json, Backup backup) {
        json.put(piece("{\"name\":")).value(backup.name());
        json.put(piece(",\"state\":")).value(backup.state().name().toLowerCase(Locale.ROOT));
        json.put(piece(",\"path\":")).value(backup.path().toString());
        json.put(piece(",\"made_at\":")).value(backup.madeAt().toString());
        json.put(piece(",\"bytes\":")).value(backup.bytes());
        json.put(piece(",\"commit\":")).value(backup.commit());
        json.put(piece(",\"keys\":")).value(backup.contents().keys());
        json.put(piece(",\"audit\":")).value(backup.contents().audit());
        if (backup.error() != null) {
            json.put(piece(",\"error\":")).value(backup.error());
        }
        return json.put('}');
    }
}
