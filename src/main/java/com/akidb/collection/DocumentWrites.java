package com.akidb.collection;

import com.akidb.account.Account;
import com.akidb.collection.CollectionService.Collection;
import com.akidb.collection.CollectionService.DocumentChange;
import com.akidb.collection.CollectionService.InsertedDocument;
import com.akidb.collection.CollectionService.NewDocument;
import com.akidb.concurrent.Futures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.Once;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableMutation;
import com.akidb.engine.WriteResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Changes the documents of a collection: checks, embeds what comes without a vector, writes all of it in one commit. */
final class DocumentWrites {

    private final TableEngine engine;
    private final ColumnEmbedder embedder;
    private final DocumentRules rules;
    private final NormWarnings norms;
    private final DocumentIds ids;

    DocumentWrites(
            TableEngine engine, ColumnEmbedder embedder, DocumentRules rules, NormWarnings norms, DocumentIds ids) {
        this.engine = engine;
        this.embedder = embedder;
        this.rules = rules;
        this.norms = norms;
        this.ids = ids;
    }

    CompletableFuture<InsertedDocument> insert(
            Collection collection, NewDocument document, OnConflict onConflict, Terms terms) {
        rules.require(document, collection, "");
        return insert(collection, List.of(document), onConflict, terms, "text", List::getFirst);
    }

    CompletableFuture<List<InsertedDocument>> insert(
            Collection collection, List<NewDocument> documents, OnConflict onConflict, Terms terms) {
        rules.requireBatch(documents, collection);
        String textField = "documents[" + firstText(documents) + "].text";
        return insert(collection, documents, onConflict, terms, textField, inserted -> inserted);
    }

    /**
     * @param textField the field to blame if the model's vectors do not fit the collection
     * @param outcome made from what was inserted
     */
    private <T> CompletableFuture<T> insert(
            Collection collection,
            List<NewDocument> documents,
            OnConflict onConflict,
            Terms terms,
            String textField,
            Function<List<InsertedDocument>, T> outcome) {
        List<String> texts = documents.stream()
                .filter(document -> document.vector() == null)
                .map(NewDocument::text)
                .toList();
        documents.stream()
                .map(NewDocument::vector)
                .filter(Objects::nonNull)
                .forEach(vector -> norms.check(collection.id(), vector));
        terms.account().chargeRows(documents.size());
        if (texts.isEmpty()) {
            return insert(collection, documents, List.of(), onConflict, terms.account(), outcome);
        }
        CompletableFuture<List<float[]>> vectors =
                embedder.documents(CollectionTable.model(collection), texts, terms, textField);
        CompletableFuture<T> inserted =
                vectors.thenCompose(made -> insert(collection, documents, made, onConflict, terms.account(), outcome));
        Futures.cancelWith(inserted, vectors);
        return inserted;
    }

    private <T> CompletableFuture<T> insert(
            Collection collection,
            List<NewDocument> documents,
            List<float[]> made,
            OnConflict onConflict,
            Account account,
            Function<List<InsertedDocument>, T> outcome) {
        List<List<@Nullable Object>> rows = new ArrayList<>(documents.size());
        List<InsertedDocument> inserted = new ArrayList<>(documents.size());
        int used = 0;
        for (NewDocument document : documents) {
            String id = document.id() == null ? ids.next() : document.id();
            float[] own = document.vector();
            float[] vector = own == null ? made.get(used++) : own;
            rows.add(CollectionTable.values(id, document.text(), document.metadata(), vector));
            inserted.add(new InsertedDocument(id, own == null));
        }
        T done = outcome.apply(List.copyOf(inserted));
        return write(collection, new Mutation.Insert(rows, onConflict), Once.of(account, written -> done))
                .thenApply(written -> done);
    }

    private static int firstText(List<NewDocument> documents) {
        int i = 0;
        while (i < documents.size() - 1 && documents.get(i).vector() != null) {
            i++;
        }
        return i;
    }

    /** @param outcome made from how many were deleted; may refuse that */
    <T extends @Nullable Object> CompletableFuture<T> delete(
            Collection collection, RowSelection documents, IntFunction<T> outcome, Account account) {
        Once once = Once.of(account, written -> outcome.apply(written.deleted()));
        return write(collection, new Mutation.Delete(documents), once).thenApply(written -> {
            account.deletedRows(written.deleted());
            return outcome.apply(written.deleted());
        });
    }

    /**
     * Changes one document, or the metadata of several.
     *
     * @param outcome made from how many were changed; may refuse that
     */
    <T extends @Nullable Object> CompletableFuture<T> update(
            Collection collection,
            RowSelection documents,
            DocumentChange change,
            boolean one,
            IntFunction<T> outcome,
            Terms terms) {
        requireChange(change, one);
        rules.requireChange(change, collection);
        float[] given = change.vector();
        String text = change.text();
        if (given != null) {
            norms.check(collection.id(), given);
        }
        if (text == null || given != null) {
            return update(collection, documents, change, given, outcome, terms.account());
        }
        CompletableFuture<List<float[]>> vectors =
                embedder.documents(CollectionTable.model(collection), List.of(text), terms, "text");
        CompletableFuture<T> updated = vectors.thenCompose(
                made -> update(collection, documents, change, made.getFirst(), outcome, terms.account()));
        Futures.cancelWith(updated, vectors);
        return updated;
    }

    private static void requireChange(DocumentChange change, boolean one) {
        if (change.text() == null && change.vector() == null && !change.changesMetadata()) {
            String fields = one ? "text, vector or metadata" : "metadata";
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD, fields + " is needed: nothing is to be changed", "metadata");
        }
        if (!one && (change.text() != null || change.vector() != null)) {
            String field = change.text() != null ? "text" : "vector";
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, field + " can be changed for one document at a time only", field);
        }
    }

    private <T extends @Nullable Object> CompletableFuture<T> update(
            Collection collection,
            RowSelection documents,
            DocumentChange change,
            float @Nullable [] vector,
            IntFunction<T> outcome,
            Account account) {
        Map<String, @Nullable Object> values = new HashMap<>();
        if (change.text() != null) {
            values.put(CollectionTable.TEXT, change.text());
        }
        if (vector != null) {
            values.put(CollectionTable.VECTOR, vector);
        }
        if (change.changesMetadata()) {
            values.put(CollectionTable.METADATA, change.metadata());
        }
        Once once = Once.of(account, written -> outcome.apply(written.updated()));
        return write(collection, new Mutation.Update(documents, values), once).thenApply(written -> {
            account.updatedRows(written.updated());
            return outcome.apply(written.updated());
        });
    }

    private CompletableFuture<WriteResult> write(Collection collection, Mutation mutation, @Nullable Once once) {
        return Futures.call(() -> engine.write(new TableMutation(collection.id(), mutation), once))
                .exceptionallyCompose(failure ->
                        CompletableFuture.failedFuture(CollectionService.translate(failure, collection.name())));
    }
}
