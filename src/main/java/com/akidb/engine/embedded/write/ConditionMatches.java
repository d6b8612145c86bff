package com.akidb.engine.embedded.write;

import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.engine.embedded.sql.PredicateSql;
import com.akidb.engine.embedded.sql.SqlText;
import com.akidb.query.Predicate;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The rows that satisfied a condition as of a commit. A condition that takes long is looked at beside the writer, who then
 * asks it only of the rows that have changed since.
 *
 * @param layout under which the condition was read
 * @param version the commit
 * @param ids of the rows, a JSON array
 */
public record ConditionMatches(TableLayout layout, long version, String ids) {

    /** Finds rows by such a layout and condition, on whatever thread asks. */
    @FunctionalInterface
    public interface Finder {
        ConditionMatches find(TableLayout layout, Predicate condition);
    }

    /**
     * Reads them.
     *
     * @param reader that sees one commit from the first statement to the last
     */
    public static ConditionMatches read(Statements reader, TableLayout layout, Predicate condition)
            throws SQLException {
        long version = StoredDatabase.version(reader.connection());
        SqlText sql = new SqlText().add("SELECT id FROM " + layout.names().rows() + " WHERE ");
        PredicateSql.append(layout, condition, sql);
        StringBuilder ids = new StringBuilder("[");
        try (PreparedStatement select = reader.prepare(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.append(ids.length() == 1 ? "" : ",").append(row.getLong(1));
            }
        }
        return new ConditionMatches(layout, version, ids.append("]").toString());
    }
}
