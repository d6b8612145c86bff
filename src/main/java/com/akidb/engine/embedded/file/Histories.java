package com.akidb.engine.embedded.file;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The starts of engines over a database, each with a name of its own and the last commit before it. They tell whether a
 * commit known from earlier belongs to this database: when an older copy takes its place, the starts that came after
 * are gone, and later ones begin before the commits that were lost.
 */
public final class Histories {

    private static final Logger log = LoggerFactory.getLogger(Histories.class);

    private static final int KEPT = 1_000;

    private final List<History> known;

    /**
     * The commits of one start.
     *
     * @param after the last commit before it
     */
    private record History(String id, long after) {}

    private Histories(List<History> known) {
        this.known = List.copyOf(known);
    }

    /**
     * Begins a history.
     *
     * @param statements of the connection that writes
     * @param version the last commit
     */
    public static Histories begin(Statements statements, long version) throws SQLException {
        String id = UUID.randomUUID().toString().substring(24);
        try {
            statements.update("INSERT INTO akidb_histories (id, after) VALUES (?, ?)", id, version);
            statements.update(
                    "DELETE FROM akidb_histories WHERE number <= (SELECT max(number) FROM akidb_histories) - ?", KEPT);
        } catch (SQLException e) {
            // On a full disk, say: the server is worth more. What is remembered of this history is not known later.
            log.warn("This start could not be recorded: {}", e.getMessage());
            statements.afterFailure();
        }
        List<History> known = new ArrayList<>();
        PreparedStatement select = statements.get("SELECT id, after FROM akidb_histories ORDER BY number");
        try (ResultSet history = select.executeQuery()) {
            while (history.next()) {
                known.add(new History(history.getString(1), history.getLong(2)));
            }
        }
        if (known.isEmpty() || !known.getLast().id.equals(id)) {
            known.add(new History(id, version));
        }
        return new Histories(known);
    }

    /** The name of the current one. */
    public String current() {
        return known.getLast().id;
    }

    /** Whether a commit of a history is one of this database. */
    public boolean includes(String history, long version) {
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).id.equals(history)) {
                return i + 1 == known.size() || version <= known.get(i + 1).after;
            }
        }
        return false;
    }
}
