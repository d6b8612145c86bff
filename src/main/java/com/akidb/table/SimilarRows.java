package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.engine.SearchResult;
import com.akidb.query.Predicate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds rows by similarity for queries. */
public interface SimilarRows {

    /**
     * The nearest rows, best first. Filter and threshold come before the limit. Never blocks; cancelling the future drops
     * what is queued.
     *
     * @param where rows must satisfy it; null lets all pass
     * @param limit 1 or more
     * @param offset hits passed over
     * @param account whom a text that is embedded is charged to
     */
    CompletableFuture<SearchResult> find(
            TableSchema schema,
            SimilarityClause similarity,
            @Nullable Predicate where,
            int limit,
            int offset,
            boolean includeVectors,
            boolean explain,
            Duration timeout,
            Account account);
}
