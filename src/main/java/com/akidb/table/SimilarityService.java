package com.akidb.table;

import com.akidb.account.Account;
import java.util.concurrent.CompletableFuture;

/** Search by similarity in the embedding columns of tables. */
public interface SimilarityService {

    /**
     * Finds rows. Filter and threshold come before the limit. Never blocks, and may be called on an event loop. Cancelling
     * the future drops what is queued.
     *
     * @param account whom a text that is embedded is charged to
     */
    CompletableFuture<SimilarityAnswer> search(SimilaritySearch search, Account account);
}
