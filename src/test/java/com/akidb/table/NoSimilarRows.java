package com.akidb.table;

import com.akidb.account.Account;
import com.akidb.engine.SearchResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Predicate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Refuses searches by similarity, until there is what finds rows so. */
public final class NoSimilarRows implements SimilarRows {

    @Override
    public CompletableFuture<SearchResult> find(
            TableSchema schema,
            SimilarityClause similarity,
            @Nullable Predicate where,
            int limit,
            int offset,
            boolean includeVectors,
            boolean explain,
            Duration timeout,
            Account account) {
        throw new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT, "This server does not search tables by similarity", "similarity");
    }
}
