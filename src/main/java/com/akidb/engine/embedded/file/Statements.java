package com.akidb.engine.embedded.file;

import com.akidb.engine.embedded.sql.SqlText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/** Prepared statements of one connection, kept for the next use. For one thread at a time. */
public final class Statements implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Statements.class);

    private static final int KEPT = 256;

    private final Connection connection;
    private final Map<String, PreparedStatement> bySql = new LinkedHashMap<>(16, 0.75f, true);

    public Statements(Connection connection) {
        this.connection = connection;
    }

    public Connection connection() {
        return connection;
    }

    /** The statement for this SQL; its results must be closed before it is asked for again. */
    public PreparedStatement get(String sql) throws SQLException {
        PreparedStatement known = bySql.get(sql);
        if (known != null) {
            return known;
        }
        if (bySql.size() >= KEPT) {
            Iterator<PreparedStatement> eldestFirst = bySql.values().iterator();
            eldestFirst.next().close();
            eldestFirst.remove();
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        bySql.put(sql, statement);
        return statement;
    }

    /** A statement that is made once, with its parameters bound; the caller closes it. */
    public PreparedStatement prepare(SqlText sql) throws SQLException {
        return sql.prepare(connection);
    }

    /** Runs a statement without parameters and results. */
    public void run(String sql) throws SQLException {
        get(sql).execute();
    }

    /** Runs a change with values for its parameters and tells how many rows it was about. */
    public int update(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = get(sql);
        bind(statement, values);
        return statement.executeUpdate();
    }

    public static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    /** Prepares all anew from here on: the driver closes a statement that fails, and does not tell. */
    public void afterFailure() {
        for (PreparedStatement statement : bySql.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                log.debug("A failed statement could not be closed", e);
            }
        }
        bySql.clear();
    }

    /** Ends the statement that runs, if any; for any thread, while this is open. */
    void interrupt() throws SQLException {
        ((SQLiteConnection) connection).getDatabase().interrupt();
    }

    @Override
    public void close() throws SQLException {
        bySql.clear();
        connection.close();
    }
}
