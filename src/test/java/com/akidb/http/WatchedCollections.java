package com.akidb.http;

import com.akidb.collection.CollectionProperties;
import com.akidb.collection.CollectionService;
import com.akidb.collection.TestCollections;
import com.akidb.engine.TableEngine;
import com.akidb.query.Predicate;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.NoComputedColumns;
import com.akidb.table.Search;
import com.akidb.table.TestRows;
import com.akidb.table.search.TestSearches;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The real collections, remembering which threads came for lists, which may block, and what was searched for last. */
public final class WatchedCollections extends CollectionService implements AutoCloseable {

    public final List<Thread> diskThreads = new CopyOnWriteArrayList<>();
    public volatile @Nullable Search lastSearch;
    private final ExecutorService threads;

    WatchedCollections(TableEngine engine, FakeEmbedding embedding) {
        this(engine, embedding, TestCollections.embedder(embedding, 3), Executors.newFixedThreadPool(2));
    }

    private WatchedCollections(
            TableEngine engine, FakeEmbedding embedding, ColumnEmbedder embedder, ExecutorService threads) {
        super(
                engine,
                embedding,
                embedder,
                TestRows.of(engine, new NoComputedColumns()),
                TestSearches.of(engine, embedder, 256, threads),
                new CollectionProperties(4_096, 1_000_000, 65_536, null, null),
                InstantSource.system());
        this.threads = threads;
    }

    @Override
    public List<Collection> list() {
        diskThreads.add(Thread.currentThread());
        return super.list();
    }

    @Override
    public DocumentPage documents(
            String collection, @Nullable Predicate where, String cursor, int limit, boolean includeVectors) {
        diskThreads.add(Thread.currentThread());
        return super.documents(collection, where, cursor, limit, includeVectors);
    }

    @Override
    public CompletableFuture<DocumentHits> search(Search search, boolean includeMetadata) {
        lastSearch = search;
        return super.search(search, includeMetadata);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
