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
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.RowService;
import com.akidb.table.RowService.TablePage;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.Search;
import com.akidb.table.Search.Hybrid;
import com.akidb.table.SearchService;
import com.akidb.table.SearchService.SearchAnswer;
import com.akidb.table.SearchService.SearchAnswer.Explanation;
import com.akidb.table.SearchService.SearchAnswer.Ranks;
import com.akidb.table.TableDirectory;
import com.akidb.table.TableSchema;
import com.akidb.text.Names;
import com.akidb.text.Words;
import com.akidb.vector.Metric;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collections of documents: tables with fixed columns, whose texts are embedded by themselves. A collection is named by its
 * UUID or its name. Methods that return a future never block and may be called on an event loop; the others may touch the
 * disk. What is written and embedded is charged to the account that comes along. Failures are {@link com.akidb.error.AkidbException}s.
 */
public class CollectionService {

    /** The column of a collection that searches by similarity look at. */
    public static final String VECTOR = CollectionTable.VECTOR;

    /** The column of a collection that searches by words look at. */
    public static final String TEXT = CollectionTable.TEXT;

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

    /**
     * The collections of an engine.
     *
     * @param rows reads pages of documents
     * @param searches finds documents
     * @param clock for the ids of documents that come without one
     */
    public CollectionService(
            TableEngine engine,
            EmbeddingManager embedding,
            ColumnEmbedder embedder,
            RowService rows,
            SearchService searches,
            CollectionProperties properties,
            InstantSource clock) {
        this.engine = engine;
        this.tables = new TableDirectory(engine);
        this.embedding = embedding;
        this.rows = rows;
        this.searches = searches;
        this.rules = new DocumentRules(properties);
        this.norms = new NormWarnings(clock);
        this.writes = new DocumentWrites(engine, embedder, rules, norms, new DocumentIds(clock));
        this.maxDimension = properties.maxDimension();
    }

    /**
     * What becomes of a document whose id exists.
     *
     * @param name {@code upsert} to replace it, {@code error} to refuse the new one
     * @throws InvalidInputException for any other
     */
    public static OnConflict onConflict(String name) {
        return switch (name) {
            case "upsert" -> OnConflict.REPLACE;
            case "error" -> OnConflict.ERROR;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Unknown on_conflict '" + name + "'; known are upsert, error",
                        "on_conflict");
        };
    }

    /** The condition that a document has one of some ids. */
    public static Predicate anyOf(List<String> ids) {
        return new Predicate.In(FieldPath.column(CollectionTable.ID), List.<Object>copyOf(ids));
    }

    /**
     * The documents to change, which a filter or their ids choose.
     *
     * @throws InvalidInputException unless exactly one of them is given
     */
    public static RowSelection selection(@Nullable Predicate filter, @Nullable List<String> ids) {
        requireOneChoice(filter, ids);
        if (ids != null) {
            return new RowSelection.Keys(ids);
        }
        if (filter == null) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD,
                    "filter is missing, and so is ids; an empty list as filter means all documents",
                    "filter");
        }
        return new RowSelection.Where(filter);
    }

    /** Refuses a request that chooses documents by a filter and by their ids at once. */
    public static void requireOneChoice(@Nullable Predicate filter, @Nullable List<String> ids) {
        if (ids != null && filter != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "ids cannot be used together with filter; use one of them", "ids");
        }
    }

    /** Creates a collection; Conflict if the name is taken. */
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

    /** All collections in the order of their creation. */
    public List<Collection> list() {
        return engine.tables().stream()
                .map(TableSchema::new)
                .filter(TableSchema::isCollection)
                .map(schema -> CollectionTable.collection(schema.table()))
                .toList();
    }

    /** One collection; NotFound if there is none. Touches no disk. */
    public Collection get(String collection) {
        return CollectionTable.collection(schema(collection).table());
    }

    /** A collection as the table that it is; NotFound if there is none. Touches no disk. */
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

    /** Deletes a collection and its documents; NotFound if there is none. */
    public void delete(String collection) {
        Collection found = get(collection);
        if (!engine.drop(found.id())) {
            throw notFound(collection);
        }
        norms.forget(found.id());
    }

    /**
     * Inserts a document, embedding it if it comes without a vector. Failures name its fields as {@code text} and so on.
     *
     * @return when durable and searchable
     */
    public CompletableFuture<InsertedDocument> insert(
            String collection, NewDocument document, OnConflict onConflict, Duration timeout, Account account) {
        return Futures.call(
                () -> writes.insert(get(collection), document, onConflict, Terms.waiting(timeout, account)));
    }

    /**
     * Inserts documents, all or none, embedding those that come without a vector. Failures name fields as {@code
     * documents[3].text} and so on.
     *
     * @param documents 1 to 1,000, no id twice
     * @param onConflict for ids that exist
     * @return in the order of the documents, when durable and searchable
     */
    public CompletableFuture<List<InsertedDocument>> insert(
            String collection, List<NewDocument> documents, OnConflict onConflict, Duration timeout, Account account) {
        return Futures.call(
                () -> writes.insert(get(collection), documents, onConflict, Terms.waiting(timeout, account)));
    }

    /** One document; NotFound if there is none. */
    public Document document(String collection, String id, boolean includeVector) {
        TableSchema found = schema(collection);
        return reading(found, () -> engine.reader(found.id()).get(id, includeVector))
                .map(row -> CollectionTable.document(row, true))
                .orElseThrow(() -> noDocument(id));
    }

    /**
     * Some documents by their ids, in the order of the ids; those that are not there are left out.
     *
     * @param ids at most 1,000
     */
    public List<Document> documents(String collection, List<String> ids, boolean includeVectors) {
        TableSchema found = schema(collection);
        requireIds(ids);
        Predicate where = anyOf(ids);
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

    /** Deletes a document; completes when durable, with NotFound if there is none. */
    public CompletableFuture<Void> deleteDocument(String collection, String id, Account account) {
        return Futures.call(() ->
                writes.delete(get(collection), RowSelection.keys(id), deleted -> requireOne(deleted, id), account));
    }

    /**
     * Deletes documents, all in one commit.
     *
     * @return how many there were, when durable
     */
    public CompletableFuture<Integer> deleteDocuments(String collection, RowSelection documents, Account account) {
        return Futures.call(() -> {
            requireIds(documents);
            return writes.delete(get(collection), documents, deleted -> deleted, account);
        });
    }

    /**
     * Changes a document, embedding its new text if that comes without a vector; NotFound if there is none.
     *
     * @return when durable and searchable
     */
    public CompletableFuture<Void> updateDocument(
            String collection, String id, DocumentChange change, Duration timeout, Account account) {
        return Futures.call(() -> writes.update(
                get(collection),
                RowSelection.keys(id),
                change,
                true,
                updated -> requireOne(updated, id),
                Terms.waiting(timeout, account)));
    }

    /**
     * Gives documents other metadata, all in one commit.
     *
     * @param change of the metadata alone
     * @return how many were changed, when durable and searchable
     */
    public CompletableFuture<Integer> updateDocuments(
            String collection, RowSelection documents, DocumentChange change, Account account) {
        return Futures.call(() -> {
            requireIds(documents);
            return writes.update(
                    get(collection),
                    documents,
                    change,
                    false,
                    updated -> updated,
                    Terms.waiting(Duration.ZERO, account));
        });
    }

    private static void requireIds(RowSelection documents) {
        if (documents instanceof RowSelection.Keys(List<String> ids)) {
            requireIds(ids);
        }
    }

    private static @Nullable Void requireOne(int documents, String id) {
        if (documents == 0) {
            throw noDocument(id);
        }
        return null;
    }

    /**
     * Documents in the order of their insertion.
     *
     * @param where documents must satisfy it; null lets all pass
     * @param cursor empty to begin
     * @param limit 1 to 1,000; a page ends early rather than hold more than 16 MB
     */
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

    /** How many documents satisfy a condition; all for null. */
    public long count(String collection, @Nullable Predicate where) {
        TableSchema found = schema(collection);
        return reading(found, () -> rows.count(found, where));
    }

    /**
     * Finds the nearest documents.
     *
     * @param search in {@link #VECTOR} of a collection's {@link #schema}
     */
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
                answer.vector(),
                answer.fingerprint(),
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

    /** The state of the index of words over a collection's texts; null if there is none. */
    public @Nullable IndexStatus textIndex(String collection) {
        TableSchema found = schema(collection);
        return reading(found, () -> engine.indexes(found.id())).stream()
                .filter(index ->
                        index.definition() != null && index.definition().name().equals(TEXT_INDEX))
                .findFirst()
                .orElse(null);
    }

    /**
     * Makes the index that hybrid searches need, unless it is there. It is built in the background, and kept up to date by
     * every write from then on.
     *
     * @return whether it was made
     */
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

    /** Drops the index of words; whether it was there. */
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

    /**
     * A collection of documents.
     *
     * @param id for life
     * @param name unique among all collections and tables
     * @param dimension length of its vectors
     * @param metric how they are compared
     * @param model registry id of the model that embeds its texts
     * @param documentCount documents as of the last commit
     */
    public record Collection(
            UUID id, String name, int dimension, Metric metric, String model, long documentCount, Instant createdAt) {}

    /**
     * A collection to create.
     *
     * @param name 1 to 255 characters, unique
     * @param dimension 1 or more; null for the model's
     * @param metric how vectors are compared
     * @param model id or alias; null for the default model
     * @param textIndex whether its texts shall be searchable by words from the beginning
     */
    public record NewCollection(
            String name,
            @Nullable Integer dimension,
            Metric metric,
            @Nullable String model,
            boolean textIndex) {

        /** A collection that is searched by similarity alone. */
        public NewCollection(String name, @Nullable Integer dimension, Metric metric, @Nullable String model) {
            this(name, dimension, metric, model, false);
        }
    }

    /**
     * A document to insert.
     *
     * @param id the caller's id; null to have one made
     * @param text may be empty only beside a vector
     * @param vector the caller's embedding; null to have the text embedded
     * @param metadata valid JSON of any kind; null for none
     */
    public record NewDocument(
            @Nullable String id,
            String text,
            float @Nullable [] vector,
            @Nullable String metadata) {

        /**
         * The id of a document that has two names for it.
         *
         * @param place put before the names of fields, such as {@code documents[3].}
         * @throws InvalidInputException if both are given and differ
         */
        public static @Nullable String id(@Nullable String id, @Nullable String externalId, String place) {
            if (id != null && externalId != null && !id.equals(externalId)) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        place + "id and " + place + "external_id name the same thing and must be equal",
                        place + "external_id");
            }
            return externalId == null ? id : externalId;
        }
    }

    /**
     * A document that is durable and searchable.
     *
     * @param vectorGenerated whether the server made the vector
     */
    public record InsertedDocument(String id, boolean vectorGenerated) {}

    /**
     * A document as stored.
     *
     * @param metadata JSON; null if it has none
     * @param vector null unless asked for
     */
    public record Document(String id, String text, @Nullable String metadata, float @Nullable [] vector) {}

    /**
     * Documents in the order of their insertion.
     *
     * @param nextCursor where the next page begins; null at the end
     */
    public record DocumentPage(
            List<Document> documents, @Nullable String nextCursor) {}

    /**
     * What documents shall be from now on; what is not named stays.
     *
     * @param text null to keep the text. A new text is embedded unless a vector comes with it, and is for one document only
     * @param vector null to keep the vector, or to have it made of a new text; for one document only
     * @param changesMetadata whether the metadata becomes another
     * @param metadata JSON that replaces all of the metadata; null for none
     */
    public record DocumentChange(
            @Nullable String text,
            float @Nullable [] vector,
            boolean changesMetadata,
            @Nullable String metadata) {}

    /**
     * What a search found, best first.
     *
     * @param truncated whether there are fewer hits than were found, because an answer with all of them would be too large
     * @param queryEmbedded whether the server embedded the query
     * @param vector the one searched with
     * @param fingerprint of the collection's model; null if it is not known yet
     * @param explanation only if asked for
     */
    public record DocumentHits(
            List<Hit> hits,
            boolean truncated,
            boolean queryEmbedded,
            float[] vector,
            @Nullable String fingerprint,
            @Nullable Explanation explanation) {

        /**
         * A document that was found.
         *
         * @param score higher is better
         * @param ranks of a hybrid search; null for others
         * @param group value of the field that documents were grouped by; null if they were not
         */
        public record Hit(
                Document document,
                float score,
                @Nullable Ranks ranks,
                @Nullable Object group) {}
    }
}
