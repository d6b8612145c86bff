package com.akidb.engine.embedded.write;

import com.akidb.engine.Note;
import com.akidb.engine.WriteResult;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.write.MutationApplier.CommitMark;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes notes; those not changed for a long time are deleted, a few with each change. */
final class Notes {

    private final Statements statements;

    /** @param statements of the connection that writes */
    Notes(Statements statements) {
        this.statements = statements;
    }

    /** Changes a note inside the transaction that is open. */
    void change(Note note, List<WriteResult> results, CommitMark mark) throws SQLException {
        byte[] value = note.change().change(value(note), results);
        statements.update(
                "INSERT INTO akidb_notes (space, key, version, changed_at, value) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at,"
                        + " value = excluded.value",
                note.space(),
                note.key(),
                mark.version(),
                mark.micros(),
                value);
        statements.update(
                "DELETE FROM akidb_notes WHERE (space, key) IN (SELECT space, key FROM akidb_notes WHERE changed_at < ?"
                        + " ORDER BY changed_at LIMIT 8)",
                mark.micros() - Note.KEPT.toNanos() / 1_000);
    }

    private byte @Nullable [] value(Note note) throws SQLException {
        PreparedStatement select = statements.get("SELECT value FROM akidb_notes WHERE space = ? AND key = ?");
        Statements.bind(select, note.space(), note.key());
        try (ResultSet value = select.executeQuery()) {
            return value.next() ? value.getBytes(1) : null;
        }
    }
}
