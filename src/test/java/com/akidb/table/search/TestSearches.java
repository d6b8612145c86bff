package com.akidb.table.search;

import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.SearchService;
import java.util.concurrent.Executor;

/** Searches over any engine and model. */
public final class TestSearches {

    private TestSearches() {}

    public static SearchService of(TableEngine engine, ColumnEmbedder embedder, int mostAtOnce, Executor threads) {
        return new EngineSearch(engine, embedder, mostAtOnce, threads);
    }
}
