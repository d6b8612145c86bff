package com.akidb.http;

import com.akidb.collection.CollectionProperties;
import com.akidb.collection.CollectionService;
import com.akidb.collection.TestCollections;
import com.akidb.engine.TableEngine;
import com.akidb.table.Search;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The real collections, remembering which threads came for what may block, and what was searched for last. */
public final class WatchedCollections implements AutoCloseable {

    private static final List<String> QUICK = List.of("get", "schema");

    public final List<Thread> diskThreads = new CopyOnWriteArrayList<>();
    public volatile @Nullable Search lastSearch;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final CollectionService service;

    WatchedCollections(TableEngine engine, FakeEmbedding embedding) {
        CollectionProperties bounds = new CollectionProperties(4_096, 1_000_000, 65_536, null, null);
        service = TestCollections.create(engine, embedding, 3, bounds, 256, threads);
    }

    CollectionService service() {
        return (CollectionService) Proxy.newProxyInstance(
                CollectionService.class.getClassLoader(), new Class<?>[] {CollectionService.class}, this::call);
    }

    private @Nullable Object call(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getReturnType() != CompletableFuture.class && !QUICK.contains(method.getName())) {
            diskThreads.add(Thread.currentThread());
        }
        if (method.getName().equals("search") && arguments != null) {
            lastSearch = (Search) arguments[0];
        }
        try {
            return method.invoke(service, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getTargetException();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
