package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.backup.DataCheck.Problem;
import com.akidb.backup.Verification;
import com.akidb.backup.Verifications;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.RouteTable;
import java.util.Locale;

/** Reading all that the server keeps: begin it, show how it goes on and what was found. */
final class VerifyEndpoints {

    private final Verifications verifications;

    VerifyEndpoints(Verifications verifications) {
        this.verifications = verifications;
    }

    void addTo(RouteTable routes) {
        new RunEndpoints<>("/api/v1/verify", verifications::start, verifications::latest, VerifyEndpoints::write)
                .addTo(routes);
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
