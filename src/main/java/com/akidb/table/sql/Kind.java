package com.akidb.table.sql;

import com.akidb.engine.ColumnType;
import com.akidb.table.SqlAnswer;
import com.akidb.vector.VectorCodec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

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

    /** A cell of the store as users see it. */
    @Nullable
    Object shown(@Nullable Object cell) {
        return switch (cell) {
            case Long number when this == BOOL -> number != 0;
            case Long micros when this == TIMESTAMP -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
            case String text when this == JSON -> new SqlAnswer.Json(text);
            case byte[] flag when flag.length == 1 -> flag[0] != 0;
            case byte[] vector -> VectorCodec.decode(vector);
            case null -> null;
            case Object other -> other;
        };
    }
}
