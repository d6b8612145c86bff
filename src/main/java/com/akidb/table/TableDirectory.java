package com.akidb.table;

import com.akidb.concurrent.Futures;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.text.Names;
import com.akidb.text.Words;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds tables by name. Touches no disk. */
public final class TableDirectory {

    private final TableEngine engine;

    public TableDirectory(TableEngine engine) {
        this.engine = engine;
    }

    /** The table or collection of that name, or the collection of that id. */
    public TableSchema require(String table) {
        return (Names.isUuid(table) ? engine.find(UUID.fromString(table)) : engine.find(table))
                .map(TableSchema::new)
                .orElseThrow(() -> notFound(table));
    }

    /** A table that may be changed through the routes of tables. */
    public TableSchema requireWritable(String table) {
        TableSchema found = require(table);
        requireWritable(found);
        return found;
    }

    /** Refuses collections. */
    static void requireWritable(TableSchema schema) {
        if (schema.isCollection()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + Words.shown(schema.name()) + "' is a collection, which is read here but changed only through"
                            + " /collections/" + schema.id(),
                    "table");
        }
    }

    static NotFoundException notFound(String table) {
        return new NotFoundException(ErrorCode.NOT_FOUND, "Table '" + Words.shown(table) + "' not found", "table");
    }

    /** The table as it is by now; null if it is gone. */
    @Nullable
    public TableSchema now(TableSchema schema) {
        return engine.find(schema.id()).map(TableSchema::new).orElse(null);
    }

    /** The failure to report for one that the engine told: a table that is gone meanwhile is not found. */
    public static Throwable translate(Throwable failure, TableSchema schema) {
        Throwable cause = Futures.unwrap(failure);
        return cause instanceof NotFoundException gone && gone.field().isEmpty() ? notFound(schema.name()) : cause;
    }

    /** Reads, and tells of a table that is gone meanwhile by its name. */
    public static <T> T reading(TableSchema schema, Supplier<T> read) {
        try {
            return read.get();
        } catch (NotFoundException e) {
            throw e.field().isEmpty() ? notFound(schema.name()) : e;
        }
    }
}
