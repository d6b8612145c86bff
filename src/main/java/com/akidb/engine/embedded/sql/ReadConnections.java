package com.akidb.engine.embedded.sql;

import com.akidb.error.AkidbException;
import java.sql.SQLException;

/** Connections of a database for those that only read. */
public interface ReadConnections {

    /** Another connection that sees commits and makes none; the caller closes it. */
    WatchedConnection open() throws SQLException;

    /** What a failure means for the caller. */
    AkidbException translate(SQLException failure);
}
