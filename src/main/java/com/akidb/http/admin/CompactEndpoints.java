package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.backup.CompactionRun;
import com.akidb.backup.Compactions;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.RouteTable;
import java.util.Locale;

/** Giving back what the database does not use: begin it, show how it goes on. */
final class CompactEndpoints {

    private final Compactions compactions;

    CompactEndpoints(Compactions compactions) {
        this.compactions = compactions;
    }

    void addTo(RouteTable routes) {
        new RunEndpoints<>("/api/v1/compact", compactions::start, compactions::latest, CompactEndpoints::write)
                .addTo(routes);
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
