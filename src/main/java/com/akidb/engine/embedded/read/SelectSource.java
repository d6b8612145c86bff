package com.akidb.engine.embedded.store;

import com.akidb.engine.embedded.sql.ReadConnections;
import com.akidb.error.AkidbException;
import java.sql.Connection;
import java.sql.SQLException;

/** What selects over several tables need of the store. */
record SelectSource(Database database, StorageFailures failures) implements ReadConnections {

    @Override
    public Connection open() throws SQLException {
        return database.openReader();
    }

    @Override
    public AkidbException translate(SQLException failure) {
        return failures.translate(failure);
    }
}
