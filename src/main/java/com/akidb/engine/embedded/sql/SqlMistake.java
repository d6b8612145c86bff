package com.akidb.engine.embedded.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** What SQLite says is wrong with a select. */
final class SqlMistake {

    private SqlMistake() {}

    /** SQLite's words without the driver's frame around them; null if the select is not to blame. */
    static @Nullable String of(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        if ((failure.getErrorCode() & 0xff) != SQLiteErrorCode.SQLITE_ERROR.code || message.contains("no such ")) {
            return null;
        }
        int open = message.indexOf('(');
        return open >= 0 && message.endsWith(")") ? message.substring(open + 1, message.length() - 1) : message;
    }
}
