package com.akidb.table;

import java.util.concurrent.CompletableFuture;

/** The one way to search by similarity: in the embedding columns of tables and in collections. */
public interface SearchService {

    /**
     * Finds rows. Filter and threshold come before the limit. Never blocks, and may be called on an event loop if the text
     * is short; what is long or touches the disk goes elsewhere. Cancelling the future drops what is queued.
     *
     * @return fails with {@link com.akidb.error.AkidbException}s that name fields as the search's form does; Overloaded if
     *     too many searches are under way
     */
    CompletableFuture<SearchAnswer> search(Search search);
}
