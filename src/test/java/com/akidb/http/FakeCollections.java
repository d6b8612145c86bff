package com.akidb.http;

import static java.util.Objects.requireNonNull;

import com.akidb.account.Account;
import com.akidb.collection.Collection;
import com.akidb.collection.CollectionService;
import com.akidb.collection.Document;
import com.akidb.collection.DocumentHits;
import com.akidb.collection.DocumentPage;
import com.akidb.collection.DocumentSearch;
import com.akidb.collection.InsertedDocument;
import com.akidb.collection.NewCollection;
import com.akidb.collection.NewDocument;
import com.akidb.engine.OnConflict;
import com.akidb.engine.SearchExplanation;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import com.akidb.vector.Vectors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Collections in a map, for tests of what stands in front of them. Remembers which threads came. */
public final class FakeCollections implements CollectionService {

    private record Shelf(Collection collection, Map<String, Document> documents) {}

    private final Map<UUID, Shelf> shelves = new LinkedHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    public final List<Thread> diskThreads = new CopyOnWriteArrayList<>();
    public volatile @Nullable DocumentSearch lastSearch;

    @Override
    public synchronized Collection create(NewCollection request) {
        diskThreads.add(Thread.currentThread());
        if (shelves.values().stream().anyMatch(shelf -> shelf.collection.name().equals(request.name()))) {
            throw new ConflictException(ErrorCode.ALREADY_EXISTS, "A collection of that name exists", "name");
        }
        int dimension = request.dimension() == null ? 3 : request.dimension();
        Collection collection = new Collection(
                UUID.randomUUID(), request.name(), dimension, request.metric(), "fake", 0, Instant.EPOCH);
        shelves.put(collection.id(), new Shelf(collection, new LinkedHashMap<>()));
        return collection;
    }

    @Override
    public synchronized List<Collection> list() {
        diskThreads.add(Thread.currentThread());
        return shelves.values().stream().map(Shelf::collection).toList();
    }

    @Override
    public Collection get(String collection) {
        return shelf(collection).collection;
    }

    private synchronized Shelf shelf(String name) {
        return shelves.values().stream()
                .filter(shelf -> shelf.collection.name().equals(name)
                        || shelf.collection.id().toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("There is no collection " + name));
    }

    @Override
    public synchronized void delete(String collection) {
        diskThreads.add(Thread.currentThread());
        shelves.remove(shelf(collection).collection.id());
    }

    @Override
    public CompletableFuture<InsertedDocument> insert(
            String collection, NewDocument document, OnConflict onConflict, Duration timeout, Account account) {
        return insert(collection, List.of(document), onConflict, timeout, account)
                .thenApply(List::getFirst);
    }

    @Override
    public synchronized CompletableFuture<List<InsertedDocument>> insert(
            String collection, List<NewDocument> documents, OnConflict onConflict, Duration timeout, Account account) {
        Shelf shelf = shelf(collection);
        account.chargeRows(documents.size());
        account.chargeTexts(
                documents.stream().filter(document -> document.vector() == null).count());
        List<InsertedDocument> inserted = new ArrayList<>();
        for (NewDocument document : documents) {
            String id = document.id() == null ? "made-" + ids.incrementAndGet() : document.id();
            if (onConflict == OnConflict.ERROR && shelf.documents.containsKey(id)) {
                throw new ConflictException(ErrorCode.ALREADY_EXISTS, "Document " + id + " exists", "id");
            }
            float[] vector = document.vector() == null ? FakeEmbedding.vector(document.text()) : document.vector();
            Vectors.requireUsable(vector, shelf.collection.dimension(), shelf.collection.metric(), "vector");
            shelf.documents.put(id, new Document(id, document.text(), document.metadata(), vector));
            inserted.add(new InsertedDocument(id, document.vector() == null));
        }
        return CompletableFuture.completedFuture(inserted);
    }

    @Override
    public synchronized Document document(String collection, String id, boolean includeVector) {
        diskThreads.add(Thread.currentThread());
        Document document = shelf(collection).documents.get(id);
        if (document == null) {
            throw new NotFoundException("There is no document " + id);
        }
        return shown(document, includeVector);
    }

    private static Document shown(Document document, boolean vector) {
        return new Document(document.id(), document.text(), document.metadata(), vector ? document.vector() : null);
    }

    @Override
    public synchronized CompletableFuture<Void> deleteDocument(String collection, String id, Account account) {
        if (shelf(collection).documents.remove(id) == null) {
            return CompletableFuture.failedFuture(new NotFoundException("There is no document " + id));
        }
        account.deletedRows(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized DocumentPage documents(String collection, String cursor, int limit, boolean includeVectors) {
        diskThreads.add(Thread.currentThread());
        int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
        List<Document> all = List.copyOf(shelf(collection).documents.values());
        int to = Math.min(all.size(), from + limit);
        List<Document> page = all.subList(from, to).stream()
                .map(document -> shown(document, includeVectors))
                .toList();
        return new DocumentPage(page, to < all.size() ? Integer.toString(to) : null);
    }

    @Override
    public synchronized CompletableFuture<DocumentHits> search(
            String collection, DocumentSearch search, Account account) {
        lastSearch = search;
        account.chargeTexts(search.vector() == null ? 1 : 0);
        Shelf shelf = shelf(collection);
        float[] vector =
                search.vector() == null ? FakeEmbedding.vector(requireNonNull(search.query())) : search.vector();
        Vectors.requireUsable(vector, shelf.collection.dimension(), shelf.collection.metric(), "query_vector");
        List<DocumentHits.Hit> hits = shelf.documents.values().stream()
                .map(document -> new DocumentHits.Hit(
                        shown(document, search.includeVectors()),
                        shelf.collection.metric().score(vector, requireNonNull(document.vector()))))
                .sorted(Comparator.comparing(DocumentHits.Hit::score).reversed())
                .limit(search.k())
                .toList();
        SearchExplanation explanation = search.explain()
                ? new SearchExplanation("exact", "It is small", hits.size(), hits.size(), 0, Map.of("scan", 12L))
                : null;
        return CompletableFuture.completedFuture(new DocumentHits(hits, search.vector() == null, explanation));
    }
}
