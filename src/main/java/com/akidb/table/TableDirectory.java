package com.akidb.table;

import com.akidb.account.Rights;
import com.akidb.concurrent.Futures;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableReader;
import com.akidb.engine.WriteResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TableChangedException;
import com.akidb.error.UnavailableException;
import com.akidb.text.Names;
import com.akidb.text.Words;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds tables by name, and repeats work on them when the engine reports that their columns changed meanwhile: the one place
 * that deals with that. Touches no disk.
 */
public final class TableDirectory {

    /** How often work is attempted while columns keep changing. */
    private static final int MOST_ATTEMPTS = 5;

    private final TableEngine engine;

    public TableDirectory(TableEngine engine) {
        this.engine = engine;
    }

    /** The table or collection of that name, or the collection of that id, whole: for those who may administrate it. */
    public TableSchema require(String table) {
        return require(table, Rights.ALL);
    }

    /** What of the table or collection of that name, or of the collection of that id, a caller may see. */
    public TableSchema require(String table, Rights rights) {
        Table found = (Names.isUuid(table) ? engine.find(UUID.fromString(table)) : engine.find(table))
                .orElseThrow(() -> notFound(table));
        if (rights.in(found.definition().name()) == null) {
            throw notFound(table);
        }
        return new TableSchema(found, rights);
    }

    /** Reads what of a table its caller may see: the one way to rows for what answers callers. */
    public TableReader reader(TableSchema schema) {
        TableReader all = engine.reader(schema.table());
        return schema.isLimited() ? new LimitedReader(all, schema) : all;
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

    /** The table as of now; null if it was dropped. */
    @Nullable
    public TableSchema now(TableSchema schema) {
        return engine.find(schema.id())
                .map(table -> new TableSchema(table, schema.rights()))
                .orElse(null);
    }

    /** The tables used by one attempt at some work, each as of its first use. */
    public final class Pin {

        private final boolean first;
        private final Map<UUID, TableSchema> tables = new ConcurrentHashMap<>();

        private Pin(boolean first) {
            this.first = first;
        }

        /** The table or collection of that name, or the collection of that id. */
        public TableSchema require(String table) {
            return pin(TableDirectory.this.require(table));
        }

        /** A table that the caller has found already; later attempts get it as of their own start. */
        public TableSchema table(TableSchema given) {
            TableSchema now = first ? null : now(given);
            return pin(now == null ? given : now);
        }

        private TableSchema pin(TableSchema table) {
            TableSchema before = tables.putIfAbsent(table.id(), table);
            return before == null ? table : before;
        }

        /** The tables used so far, by id. */
        public Map<UUID, TableSchema> tables() {
            return tables;
        }
    }

    /**
     * Works with {@link TableEngine#reader(Table) readers} of the tables that the pin gives. If the engine reports that columns
     * or their properties changed, the work is repeated with the new ones: otherwise cells could appear under the names of
     * others, or vectors of different models be compared. Cancelling the outcome cancels the work.
     *
     * @return fails with Unavailable if the columns keep changing
     */
    public <T> CompletableFuture<T> pinned(Function<Pin, CompletableFuture<T>> work) {
        return pinned(work, () -> true);
    }

    /** As {@link #pinned(Function)} for work that blocks. */
    public <T> T pinnedHere(Function<Pin, T> work) {
        try {
            return this.<T>pinned(pin -> CompletableFuture.completedFuture(work.apply(pin)))
                    .join();
        } catch (CompletionException e) {
            throw Futures.unwrap(e) instanceof RuntimeException known ? known : e;
        }
    }

    /**
     * Writes to a table, and repeats the write if the engine refused it because computed columns were added, dropped or changed
     * meanwhile. If other columns were, only the caller knows what to write: then this fails with the engine's TableChanged.
     */
    CompletableFuture<WriteResult> pinnedWrite(
            TableSchema schema, Function<TableSchema, CompletableFuture<WriteResult>> write) {
        return pinned(pin -> write.apply(pin.table(schema)), () -> {
            TableSchema now = now(schema);
            return now != null && now.isWrittenLike(schema);
        });
    }

    /** @param mayRepeat whether the work may be repeated after columns changed */
    private <T> CompletableFuture<T> pinned(Function<Pin, CompletableFuture<T>> work, BooleanSupplier mayRepeat) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        attempt(1, work, mayRepeat, outcome);
        return outcome;
    }

    private <T> void attempt(
            int number,
            Function<Pin, CompletableFuture<T>> work,
            BooleanSupplier mayRepeat,
            CompletableFuture<T> outcome) {
        Pin pin = new Pin(number == 1);
        CompletableFuture<T> attempt = Futures.call(() -> work.apply(pin));
        Futures.cancelWith(outcome, attempt);
        attempt.whenComplete((result, failure) -> {
            if (outcome.isDone()) {
                return;
            }
            if (failure == null) {
                outcome.complete(result);
            } else if (!(Futures.unwrap(failure) instanceof TableChangedException) || !mayRepeat.getAsBoolean()) {
                outcome.completeExceptionally(translate(failure, pin));
            } else if (number < MOST_ATTEMPTS) {
                attempt(number + 1, work, mayRepeat, outcome);
            } else {
                outcome.completeExceptionally(
                        new UnavailableException("The table's columns change faster than it can be read; try again"));
            }
        });
    }

    private static Throwable translate(Throwable failure, Pin pin) {
        return pin.tables().size() == 1
                ? translate(failure, pin.tables().values().iterator().next())
                : Futures.unwrap(failure);
    }

    /** The failure to report for one of the engine's: if a table was dropped meanwhile, that it is not found. */
    public static Throwable translate(Throwable failure, TableSchema schema) {
        Throwable cause = Futures.unwrap(failure);
        return cause instanceof NotFoundException gone && gone.field().isEmpty() ? notFound(schema.name()) : cause;
    }

    /** Reads; if the table was dropped meanwhile, the failure names it. */
    public static <T> T reading(TableSchema schema, Supplier<T> read) {
        try {
            return read.get();
        } catch (NotFoundException e) {
            throw e.field().isEmpty() ? notFound(schema.name()) : e;
        }
    }
}
