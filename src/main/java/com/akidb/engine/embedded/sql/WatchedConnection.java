package com.akidb.engine.embedded.sql;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.ProgressHandler;

/** A connection that knows {@link SqlFunctions}, with the watch over its statements. For one thread at a time. */
public record WatchedConnection(Connection connection, Watch watch) implements AutoCloseable {

    /** Sets up a connection that was just opened. */
    public static WatchedConnection of(Connection connection) throws SQLException {
        Watch watch = new Watch();
        SqlFunctions.register(connection, watch);
        ProgressHandler.setHandler(connection, Watch.INSTRUCTIONS, watch);
        return new WatchedConnection(connection, watch);
    }

    /** Has the watch look after so many instructions from here on. */
    void lookEvery(int instructions) throws SQLException {
        ProgressHandler.setHandler(connection, instructions, watch);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
