package com.akidb.collection;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.ModelInfo;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableEngine;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.text.Names;
import com.akidb.text.Words;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Collections as tables of the engine. */
final class TableCollectionService implements CollectionService {

    private static final int MAX_NAME = 255;
    private static final int MAX_PAGE = 1_000;

    private final TableEngine engine;
    private final EmbeddingManager embedding;
    private final CollectionDirectory directory;
    private final DocumentInserts inserts;
    private final DocumentSearches searches;
    private final NormWarnings norms;
    private final int maxDimension;

    TableCollectionService(
            TableEngine engine,
            EmbeddingManager embedding,
            DocumentInserts inserts,
            DocumentSearches searches,
            NormWarnings norms,
            int maxDimension) {
        this.engine = engine;
        this.embedding = embedding;
        this.directory = new CollectionDirectory(engine);
        this.inserts = inserts;
        this.searches = searches;
        this.norms = norms;
        this.maxDimension = maxDimension;
    }

    @Override
    public Collection create(NewCollection request) {
        Names.requireName(request.name(), "name", MAX_NAME);
        ModelInfo model = embedding.modelInfo(request.model());
        int dimension = request.dimension() == null ? model.dimension() : request.dimension();
        if (dimension < 1 || dimension > maxDimension) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    "dimension must be 1 to " + maxDimension + ", got " + dimension,
                    "dimension");
        }
        try {
            return CollectionTable.collection(
                    engine.create(CollectionTable.definition(request.name(), dimension, request.metric(), model.id())));
        } catch (ConflictException taken) {
            throw new ConflictException(
                    ErrorCode.ALREADY_EXISTS, "The name '" + Words.shown(request.name()) + "' is taken", "name");
        }
    }

    @Override
    public List<Collection> list() {
        return directory.all();
    }

    @Override
    public Collection get(String collection) {
        return directory.require(collection);
    }

    @Override
    public void delete(String collection) {
        Collection found = directory.require(collection);
        if (!engine.drop(found.id())) {
            throw CollectionDirectory.notFound(collection);
        }
        norms.forget(found.id());
    }

    @Override
    public CompletableFuture<InsertedDocument> insert(
            String collection, NewDocument document, OnConflict onConflict, Duration timeout, Account account) {
        return Futures.call(() ->
                inserts.one(directory.require(collection), document, onConflict, Terms.waiting(timeout, account)));
    }

    @Override
    public CompletableFuture<List<InsertedDocument>> insert(
            String collection, List<NewDocument> documents, OnConflict onConflict, Duration timeout, Account account) {
        return Futures.call(() ->
                inserts.batch(directory.require(collection), documents, onConflict, Terms.waiting(timeout, account)));
    }

    @Override
    public Document document(String collection, String id, boolean includeVector) {
        Collection found = directory.require(collection);
        return reading(found, () -> engine.get(found.id(), id, includeVector))
                .map(row -> CollectionTable.document(row, true))
                .orElseThrow(() -> noDocument(id));
    }

    @Override
    public CompletableFuture<Void> deleteDocument(String collection, String id, Account account) {
        return Futures.call(() -> {
            Collection found = directory.require(collection);
            return engine.write(found.id(), new Mutation.Delete(RowSelection.keys(id)))
                    .exceptionallyCompose(
                            failure -> CompletableFuture.failedFuture(CollectionDirectory.translate(failure, found)))
                    .thenAccept(written -> {
                        if (written.deleted() == 0) {
                            throw noDocument(id);
                        }
                        account.deletedRows(written.deleted());
                    });
        });
    }

    @Override
    public DocumentPage documents(String collection, String cursor, int limit, boolean includeVectors) {
        Collection found = directory.require(collection);
        if (limit < 1 || limit > MAX_PAGE) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "limit must be 1 to " + MAX_PAGE + ", got " + limit, "limit");
        }
        long after = Cursors.decode(cursor);
        RowPage page = reading(found, () -> engine.list(found.id(), after, limit, includeVectors));
        List<Row> rows = page.rows();
        Long next = page.nextCursor();
        return new DocumentPage(
                rows.stream().map(row -> CollectionTable.document(row, true)).toList(),
                next == null ? null : Cursors.encode(next));
    }

    @Override
    public CompletableFuture<DocumentHits> search(String collection, DocumentSearch search, Account account) {
        return Futures.call(() -> searches.search(directory.require(collection), search, account));
    }

    private static <T> T reading(Collection collection, Supplier<T> read) {
        try {
            return read.get();
        } catch (NotFoundException gone) {
            throw CollectionDirectory.notFound(collection.name());
        }
    }

    private static NotFoundException noDocument(String id) {
        return new NotFoundException(ErrorCode.NOT_FOUND, "Document '" + Words.shown(id) + "' not found", "id");
    }
}
