package com.akidb.table.sql;

import com.akidb.engine.ColumnType;

/** What an expression gives, as far as it can be told before it runs. */
enum Kind {
    STRING,
    INT,
    FLOAT,
    BOOL,
    TIMESTAMP,
    JSON,
    VECTOR,
    /** A value inside JSON, of any type. */
    INSIDE_JSON,
    ANY;

    static Kind of(ColumnType type) {
        return valueOf(type.name());
    }
}
