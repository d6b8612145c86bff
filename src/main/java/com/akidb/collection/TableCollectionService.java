package com.akidb.collection;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.SearchExplanation;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TooLargeException;
import com.akidb.memory.Heap;
import com.akidb.query.Predicate;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.RowService;
import com.akidb.table.RowService.TablePage;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.Search;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.SearchService;
import com.akidb.table.SearchService.SearchAnswer;
import com.akidb.table.SearchService.SearchAnswer.Explanation;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.text.Names;
import com.akidb.text.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collections as a face of tables: read, searched and indexed by the services of tables, written with their own rules. */
final class TableCollectionService implements CollectionService {

    private static final int MAX_NAME = 255;
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_IDS = 1_000;

    /** Documents that are asked for by their ids come in one answer, whose memory has no other bound. */
    private static final long MOST_PAGES_OF_IDS = Math.clamp(Heap.bytes() / 16 / Heap.page(), 1, 8);

    private static final String TEXT_INDEX = "text";

    private final TableEngine engine;
    private final TableDirectory tables;
    private final EmbeddingManager embedding;
    private final RowService rows;
    private final SearchService searches;
    private final DocumentWrites writes;
    private final DocumentRules rules;
    private final NormWarnings norms;
    private final int maxDimension;

    TableCollectionService(
            TableEngine engine,
            EmbeddingManager embedding,
            RowService rows,
            SearchService searches,
            DocumentWrites writes,
            DocumentRules rules,
            NormWarnings norms,
            int maxDimension) {
        this.engine = engine;
        this.tables = new TableDirectory(engine);
        this.embedding = embedding;
        this.rows = rows;
        this.searches = searches;
        this.writes = writes;
        this.rules = rules;
        this.norms = norms;
        this.maxDimension = maxDimension;
    }

    @Override
    public Collection create(NewCollection request) {
        Names.requireName(request.name(), "name", MAX_NAME);
        ModelInfo model = embedding.modelInfo(request.model());
        int dimension = request.dimension() == null ? model.dimension() : request.dimension();
        if (dimension < 1 || dimension > maxDimension) {
            throw outOfRange("dimension", maxDimension, dimension);
        }
        Table made;
        try {
            made = engine.create(CollectionTable.definition(request.name(), dimension, request.metric(), model.id()));
        } catch (ConflictException taken) {
            throw new ConflictException(
                    ErrorCode.ALREADY_EXISTS, "The name '" + Words.shown(request.name()) + "' is taken", "name");
        }
        if (request.textIndex()) {
            createTextIndex(made.id().toString());
        }
        return CollectionTable.collection(made);
    }

    @Override
    public List<Collection> list() {
        return engine.tables().stream()
                .map(TableSchema::new)
                .filter(TableSchema::isCollection)
                .map(schema -> CollectionTable.collection(schema.table()))
                .toList();
    }

    @Override
    public Collection get(String collection) {
        return CollectionTable.collection(schema(collection).table());
    }

    @Override
    public TableSchema schema(String collection) {
        TableSchema schema;
        try {
            schema = tables.require(collection);
        } catch (NotFoundException e) {
            throw notFound(collection);
        }
        if (!schema.isCollection()) {
            throw notFound(collection);
        }
        return schema;
    }

    @Override
    public void delete(String collection) {
        Collection found = get(collection);
        if (!engine.drop(found.id())) {
            throw notFound(collection);
        }
        norms.forget(found.id());
    }

    @Override
    public CompletableFuture<InsertedDocument> insert(
            String collection, NewDocument document, OnConflict onConflict, Duration timeout, Account account) {
        return Futures.call(
                () -> writes.insert(get(collection), document, onConflict, Terms.waiting(timeout, account)));
    }

    @Override
    public CompletableFuture<List<InsertedDocument>> insert(
            String collection, List<NewDocument> documents, OnConflict onConflict, Duration timeout, Account account) {
        return Futures.call(
                () -> writes.insert(get(collection), documents, onConflict, Terms.waiting(timeout, account)));
    }

    @Override
    public Document document(String collection, String id, boolean includeVector) {
        TableSchema found = schema(collection);
        return reading(found, () -> engine.reader(found.id()).get(id, includeVector))
                .map(row -> CollectionTable.document(row, true))
                .orElseThrow(() -> noDocument(id));
    }

    @Override
    public List<Document> documents(String collection, List<String> ids, boolean includeVectors) {
        TableSchema found = schema(collection);
        requireIds(ids);
        Predicate where = CollectionService.anyOf(ids);
        Map<String, Document> known = new HashMap<>();
        String cursor = "";
        for (int pages = 1; cursor != null; pages++) {
            if (pages > MOST_PAGES_OF_IDS) {
                throw new TooLargeException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "The documents are larger than " + MOST_PAGES_OF_IDS * (Heap.page() >> 20)
                                + " MB together; ask for fewer",
                        "ids");
            }
            DocumentPage page = page(found, where, cursor, MAX_PAGE, includeVectors);
            page.documents().forEach(document -> known.put(document.id(), document));
            cursor = page.nextCursor();
        }
        return ids.stream().map(known::get).filter(Objects::nonNull).toList();
    }

    private static void requireIds(List<String> ids) {
        if (ids.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "ids cannot be empty", "ids");
        }
        if (ids.size() > MAX_IDS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "ids must be at most " + MAX_IDS + ", got " + ids.size(), "ids");
        }
    }

    @Override
    public CompletableFuture<Void> deleteDocument(String collection, String id, Account account) {
        return Futures.call(() -> writes.delete(get(collection), RowSelection.keys(id), account))
                .thenAccept(deleted -> requireOne(deleted, id));
    }

    @Override
    public CompletableFuture<Integer> deleteDocuments(String collection, RowSelection documents, Account account) {
        return Futures.call(() -> {
            requireIds(documents);
            return writes.delete(get(collection), documents, account);
        });
    }

    @Override
    public CompletableFuture<Void> updateDocument(
            String collection, String id, DocumentChange change, Duration timeout, Account account) {
        CompletableFuture<Integer> updated = Futures.call(() ->
                writes.update(get(collection), RowSelection.keys(id), change, true, Terms.waiting(timeout, account)));
        CompletableFuture<Void> done = updated.thenAccept(documents -> requireOne(documents, id));
        Futures.cancelWith(done, updated);
        return done;
    }

    @Override
    public CompletableFuture<Integer> updateDocuments(
            String collection, RowSelection documents, DocumentChange change, Account account) {
        return Futures.call(() -> {
            requireIds(documents);
            return writes.update(get(collection), documents, change, false, Terms.waiting(Duration.ZERO, account));
        });
    }

    private static void requireIds(RowSelection documents) {
        if (documents instanceof RowSelection.Keys(List<String> ids)) {
            requireIds(ids);
        }
    }

    private static void requireOne(int documents, String id) {
        if (documents == 0) {
            throw noDocument(id);
        }
    }

    @Override
    public DocumentPage documents(
            String collection, @Nullable Predicate where, String cursor, int limit, boolean includeVectors) {
        TableSchema found = schema(collection);
        if (limit < 1 || limit > MAX_PAGE) {
            throw outOfRange("limit", MAX_PAGE, limit);
        }
        return page(found, where, cursor, limit, includeVectors);
    }

    private DocumentPage page(
            TableSchema schema, @Nullable Predicate where, String cursor, int limit, boolean vectors) {
        TableQuery query = new TableQuery(
                schema, CollectionTable.select(vectors), where, List.of(), limit, 0, cursor.isEmpty() ? null : cursor);
        TablePage page = reading(schema, () -> rows.query(query));
        return new DocumentPage(
                page.rows().stream().map(CollectionTable::document).toList(), page.nextCursor());
    }

    @Override
    public long count(String collection, @Nullable Predicate where) {
        TableSchema found = schema(collection);
        return reading(found, () -> rows.count(found, where));
    }

    @Override
    public CompletableFuture<DocumentHits> search(Search search, boolean includeMetadata) {
        return Futures.call(() -> {
            requireTexts(search);
            CompletableFuture<SearchAnswer> answering = searches.search(search);
            CompletableFuture<DocumentHits> hits = answering.handle((answer, failure) -> {
                if (failure != null) {
                    throw new CompletionException(
                            translate(failure, search.schema().name()));
                }
                return hits(answer, includeMetadata);
            });
            if (!hits.isDone()) {
                Futures.cancelWith(hits, answering);
            }
            return hits;
        });
    }

    private void requireTexts(Search search) {
        if (search.probe() instanceof Search.Probe.Text(String text, var type)) {
            rules.requireText(text, "query", false);
        }
        Hybrid hybrid = search.ranking().hybrid();
        if (hybrid != null && hybrid.words() != null) {
            rules.requireText(hybrid.words(), "query", false);
        }
    }

    private static DocumentHits hits(SearchAnswer answer, boolean withMetadata) {
        List<DocumentHits.Hit> hits = new ArrayList<>(answer.matches().size());
        for (SearchAnswer.Match match : answer.matches()) {
            hits.add(new DocumentHits.Hit(
                    CollectionTable.document(match.row(), withMetadata), match.score(), match.ranks(), match.group()));
        }
        Explanation explanation = answer.explanation();
        return new DocumentHits(
                hits,
                answer.truncated(),
                answer.embedMicros() != null,
                explanation == null ? null : withEmbedding(explanation, answer.embedMicros()));
    }

    /** The engine's steps with the one that came before them. */
    private static Explanation withEmbedding(Explanation explanation, @Nullable Long embedMicros) {
        if (embedMicros == null) {
            return explanation;
        }
        SearchExplanation search = explanation.search();
        Map<String, Long> steps = new LinkedHashMap<>();
        steps.put("embed", embedMicros);
        steps.putAll(search.stepMicros());
        return new Explanation(
                search.withSteps(steps),
                explanation.textCandidates(),
                explanation.diversityCandidates(),
                explanation.embedded(),
                explanation.totalMicros());
    }

    @Override
    public @Nullable IndexStatus textIndex(String collection) {
        TableSchema found = schema(collection);
        return reading(found, () -> engine.indexes(found.id())).stream()
                .filter(index ->
                        index.definition() != null && index.definition().name().equals(TEXT_INDEX))
                .findFirst()
                .orElse(null);
    }

    @Override
    public boolean createTextIndex(String collection) {
        if (textIndex(collection) != null) {
            return false;
        }
        TableSchema found = schema(collection);
        IndexDefinition index =
                new IndexDefinition(TEXT_INDEX, List.of(CollectionTable.TEXT), IndexMethod.TEXT, null, Map.of());
        try {
            reading(found, () -> engine.createIndex(found.id(), index));
            return true;
        } catch (ConflictException made) {
            return false; // By another request, between the two steps above.
        }
    }

    @Override
    public boolean dropTextIndex(String collection) {
        TableSchema found = schema(collection);
        return reading(found, () -> engine.dropIndex(found.id(), TEXT_INDEX));
    }

    /** Reads, and says of a collection that was deleted that it was not found. */
    private static <T> T reading(TableSchema collection, Supplier<T> read) {
        try {
            return read.get();
        } catch (NotFoundException gone) {
            throw notFound(collection.name());
        }
    }

    /** The failure to report for one of the engine: a table that is not found is a collection that was deleted. */
    static Throwable translate(Throwable failure, String collection) {
        Throwable cause = Futures.unwrap(failure);
        return cause instanceof NotFoundException gone
                        && gone.field().filter(field -> !field.equals("table")).isEmpty()
                ? notFound(collection)
                : cause;
    }

    private static NotFoundException notFound(String collection) {
        return new NotFoundException(
                ErrorCode.NOT_FOUND, "Collection '" + Words.shown(collection) + "' not found", "collection");
    }

    private static NotFoundException noDocument(String id) {
        return new NotFoundException(ErrorCode.NOT_FOUND, "Document '" + Words.shown(id) + "' not found", "id");
    }

    private static InvalidInputException outOfRange(String field, int most, int got) {
        return new InvalidInputException(
                ErrorCode.OUT_OF_RANGE, field + " must be 1 to " + most + ", got " + got, field);
    }
}
