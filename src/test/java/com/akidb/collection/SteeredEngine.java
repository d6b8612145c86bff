package com.akidb.collection;

import com.akidb.engine.ReferenceEngine;
import com.akidb.engine.SearchResult;
import com.akidb.engine.VectorSearch;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The reference engine, whose searches a test can hold up. */
public class SteeredEngine extends ReferenceEngine {

    /** Whether {@link #searchCached} declines, so that searches leave the caller's thread. */
    public volatile boolean slowSearches;

    /** Called before each search that is not quick. */
    public volatile Runnable beforeSearch = () -> {};

    @Override
    public SearchResult search(UUID table, VectorSearch search) {
        beforeSearch.run();
        return super.search(table, search);
    }

    @Override
    public @Nullable SearchResult searchCached(UUID table, VectorSearch search) {
        return slowSearches ? null : super.searchCached(table, search);
    }
}
