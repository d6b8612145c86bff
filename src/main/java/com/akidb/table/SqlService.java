package com.akidb.table;

import com.akidb.account.Account;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Read-only SQL over the tables and collections that users see. */
public interface SqlService {

    /**
     * Runs a select.
     *
     * @param query one select; see docs/sql.md
     * @param params the values of its {@code ?} in order: String, Long, Double, Boolean, {@code float[]} or null
     * @param timeout how long the caller waits; the configured limit applies as well
     * @param account charged for texts that are embedded
     * @return the rows, or an {@link com.akidb.error.AkidbException}; cancelling ends the query
     */
    CompletableFuture<SqlAnswer> query(
            String query, List<? extends @Nullable Object> params, Duration timeout, Account account);

    /**
     * How a select would be answered. One that the vector index answers is run for it, since only a search shows what it
     * compared; others are not run.
     *
     * @param query as of {@link #query}, as all others
     * @return the plan, or an {@link com.akidb.error.AkidbException}
     */
    CompletableFuture<SqlPlan> explain(
            String query, List<? extends @Nullable Object> params, Duration timeout, Account account);

    /**
     * The answer to a select.
     *
     * @param columns names of the columns, not always unique
     * @param rows cells: String, Long, Double, Boolean, Instant, {@code float[]}, {@link com.akidb.query.Json} or null
     */
    record SqlAnswer(List<String> columns, List<List<@Nullable Object>> rows) {}

    /**
     * How a select is answered.
     *
     * @param search of the vector index, which comes first; null if it does not take part
     * @param steps what is read and in which way; none if the search answers the select alone
     */
    record SqlPlan(SearchService.SearchAnswer.@Nullable Explanation search, List<String> steps) {}
}
