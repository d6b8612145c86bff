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
 * Embedding columns computed from text columns. Vectors of existing rows are computed in the background, behind all work that
 * somebody waits for, and continue after a restart. Methods touch the disk and do not belong on an event loop. The texts of
 * existing rows are charged, before they are embedded, to the account that asks for it. Failures are
 * {@link com.akidb.error.AkidbException}s.
 */
public interface ComputedColumnService {

    /** Most cells of one page of failures. */
    int MAX_FAILURES = 999;

    /** Adds a column and begins to fill it. Conflict if the name is taken. */
    ComputedColumn create(String table, NewComputedColumn column, Account account);

    /** The computed columns of a table, in order. */
    List<ComputedColumn> list(String table);

    /** One column; NotFound if there is no such computed column. */
    ComputedColumn get(String table, String column);

    /**
     * Cells that failed, in the order of their rows; while the model is being changed, those of the new one.
     *
     * @param after where the page begins, from an earlier one; 0 for the first
     * @param limit 1 to {@value #MAX_FAILURES}
     */
    FailedCells failures(String table, String column, long after, int limit);

    /**
     * What became of the cells that one call had recomputed.
     *
     * @param refreshed have a new vector
     * @param failed could not be computed
     * @param skipped had no text, or their rows were changed or deleted meanwhile
     * @param pending are still being computed in the background; 0 if the call waited for all
     */
    record Recomputed(int refreshed, int failed, int skipped, int pending) {

        /** The number of all cells. */
        public int cells() {
            return refreshed + failed + skipped + pending;
        }

        /** The sums of both. */
        public Recomputed plus(Recomputed other) {
            return new Recomputed(
                    refreshed + other.refreshed,
                    failed + other.failed,
                    skipped + other.skipped,
                    pending + other.pending);
        }
    }

    /**
     * Recomputes cells, which keep their vectors until then.
     *
     * @param where selects the rows; null for all
     * @param wait how long to wait for the vectors at most; zero to return once the request is durable. Columns that are
     *     paused, or whose model is unavailable, are not waited for
     */
    CompletableFuture<Recomputed> refresh(
            String table, String column, @Nullable Predicate where, Duration wait, Account account);

    /** Recomputes cells that failed; waits as {@link #refresh} does. */
    CompletableFuture<Recomputed> retry(String table, String column, Duration wait, Account account);

    /** Pauses filling, until resumed even across restarts. Searches and writes continue. */
    ComputedColumn pause(String table, String column);

    /** Resumes filling. */
    ComputedColumn resume(String table, String column);

    /**
     * Changes a column. For another model, all vectors are computed beside the old ones, which searches use until all are
     * replaced at once. Conflict if a change of the model is under way.
     */
    ComputedColumn change(String table, String column, ComputedChange change, Account account);

    /** Cancels a change of the model; Conflict if none is under way. */
    ComputedColumn cancelChange(String table, String column);

    /**
     * An embedding column to compute from another column.
     *
     * @param name of the new column, or of the one to adopt
     * @param source a column of type STRING
     * @param model id or alias
     * @param autoUpdate whether a vector is recomputed when its text changes; otherwise only by a refresh
     * @param cache whether its texts go through the embedding cache
     * @param adopt whether {@code name} is an existing embedding column whose vectors, made by the model, are kept
     */
    record NewComputedColumn(
            String name, String source, String model, boolean autoUpdate, boolean cache, boolean adopt) {

        /** A new column. */
        public NewComputedColumn(String name, String source, String model, boolean autoUpdate, boolean cache) {
            this(name, source, model, autoUpdate, cache, false);
        }
    }

    /**
     * The state of a computed column.
     *
     * @param source the column that it is computed from
     * @param model the name given for it, possibly an alias
     * @param fill how far it is filled
     * @param change the change of its model that is under way; null for none
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

        /** The state of a column's cells. */
        public enum Status {
            /** None is pending. */
            READY,
            /** Pending cells are being computed. */
            FILLING,
            /** Pending cells wait until the column is resumed. */
            PAUSED,
            /** Pending cells wait for a model that is unavailable; it is retried automatically. */
            WAITING,
            /** A change of the model is complete but for cells that failed; it has to be retried or cancelled. */
            BLOCKED;

            public String wireName() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** @param error why cells are {@link Status#WAITING}; null in other states */
        public record Fill(
                Status status, CellCounts cells, @Nullable String error) {}

        /** A change to another model, whose vectors are computed beside those that searches use. */
        public record Change(String model, int dimensions, Fill fill) {}
    }

    /** What to change about a computed column; null leaves a property unchanged. */
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
