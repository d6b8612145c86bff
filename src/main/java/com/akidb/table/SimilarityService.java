package com.akidb.table;

import java.util.concurrent.CompletableFuture;

/** Search by similarity in the embedding columns of tables. */
public interface SimilarityService {

    /**
     * Finds rows. Filter and threshold come before the limit. Never blocks, and may be called on an event loop if the text
     * is short; what is long or touches the disk goes elsewhere. Cancelling the future drops what is queued.
     */
    CompletableFuture<SimilarityAnswer> search(SimilaritySearch search);
}
