package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.engine.CellCounts;
import com.akidb.query.Predicate;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Embedding columns that are computed from text columns. Vectors of rows that are there are made in the background, behind
 * whatever somebody waits for; what is under way survives a restart. Methods touch the disk and so do not belong on an
 * event loop. The texts of rows
 * that are there are charged to the account of whoever has them embedded, before it begins. Failures are {@link com.akidb.error.AkidbException}s.
 */
public interface ComputedColumnService {

    /** Adds a column; its cells are filled from then on. Conflict if the name is taken. */
    ComputedColumn create(String table, NewComputedColumn column, Account account);

    /** The computed columns of a table, in order. */
    List<ComputedColumn> list(String table);

    /** One column; NotFound if there is no such computed column. */
    ComputedColumn get(String table, String column);

    /**
     * Cells that failed, those of a change of the model included, in the order of their rows.
     *
     * @param after 0 to begin
     * @param limit 1 to 1,000
     */
    FailedCells failures(String table, String column, long after, int limit);

    /**
     * What has become of the cells that one call has computed anew.
     *
     * @param refreshed have a vector of now
     * @param failed could not be computed
     * @param skipped had nothing to embed, or their rows have changed or gone on the way
     * @param pending are still to be computed, which goes on; 0 if they were waited for to the end
     */
    record Recomputed(int refreshed, int failed, int skipped, int pending) {

        /** All cells of the call. */
        public int cells() {
            return refreshed + failed + skipped + pending;
        }

        /** The cells of both. */
        public Recomputed plus(Recomputed other) {
            return new Recomputed(
                    refreshed + other.refreshed,
                    failed + other.failed,
                    skipped + other.skipped,
                    pending + other.pending);
        }
    }

    /**
     * Has cells computed anew; they keep their vectors until then.
     *
     * @param where of these rows; null for all
     * @param wait for the vectors, at most so long; zero to be answered as soon as the wish is durable. Nor does it wait for
     *     a column that is paused, or whose model cannot be used now
     */
    CompletableFuture<Recomputed> refresh(
            String table, String column, @Nullable Predicate where, Duration wait, Account account);

    /** Has cells that failed computed again; waits as {@link #refresh} does. */
    CompletableFuture<Recomputed> retry(String table, String column, Duration wait, Account account);

    /** Stops the filling, also after a restart. Searches and writes go on. */
    ComputedColumn pause(String table, String column);

    /** Goes on with the filling. */
    ComputedColumn resume(String table, String column);

    /**
     * Changes a column. With another model, all vectors are made beside those that are there, then take their place at
     * once; until then searches use the old ones. Conflict if a change of the model is under way.
     */
    ComputedColumn change(String table, String column, ComputedChange change, Account account);

    /** Gives a change of the model up; Conflict if none is under way. */
    ComputedColumn cancelChange(String table, String column);

    /**
     * An embedding column to be computed from another.
     *
     * @param name of the new column, or of the one that is adopted
     * @param source a column of type STRING
     * @param model id or alias
     * @param autoUpdate whether a change of the source makes the vector anew; otherwise only new rows and a refresh do
     * @param cache whether its vectors go through the embedding cache
     * @param adopt whether {@code name} is an embedding column that is there and whose vectors the model made: they stay
     */
    record NewComputedColumn(
            String name, String source, String model, boolean autoUpdate, boolean cache, boolean adopt) {

        /** A column that is not there yet. */
        public NewComputedColumn(String name, String source, String model, boolean autoUpdate, boolean cache) {
            this(name, source, model, autoUpdate, cache, false);
        }
    }

    /**
     * A computed column as it is.
     *
     * @param source the column that it is computed from
     * @param model as it was asked for
     * @param fill how far it is filled
     * @param change the model that is on its way to take over; null if none is
     */
    record ComputedColumn(
            String name,
            int dimensions,
            Metric metric,
            String source,
            String model,
            boolean autoUpdate,
            boolean cache,
            Fill fill,
            @Nullable Change change) {

        /** What becomes of cells without vectors. */
        public enum Status {
            /** None waits. */
            READY,
            /** They are being computed. */
            FILLING,
            /** They wait until somebody resumes. */
            PAUSED,
            /** They wait for a model that cannot be used now; it is tried again by itself. */
            WAITING,
            /** All but some that failed are there, and the change waits for somebody to retry or cancel. */
            BLOCKED;

            public String wireName() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** @param error why it waits; null in other states */
        public record Fill(
                Status status, CellCounts cells, @Nullable String error) {}

        /** A change of the model: its vectors are made beside those that searches use, until all are there. */
        public record Change(String model, int dimensions, Fill fill) {}
    }

    /** What shall be different about a computed column; null leaves as it is. */
    record ComputedChange(
            @Nullable String model,
            @Nullable Boolean autoUpdate,
            @Nullable Boolean cache) {}

    /**
     * A page of cells whose vectors could not be computed.
     *
     * @param next the cursor of the next page; null at the end
     */
    record FailedCells(List<FailedCell> cells, @Nullable Long next) {

        /** @param key primary key of the row, as text */
        public record FailedCell(String key, String error) {}
    }
}
