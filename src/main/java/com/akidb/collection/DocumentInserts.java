package com.akidb.collection;

import com.akidb.concurrent.Futures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Puts documents into a collection: checks all, embeds those without a vector, writes all of them in one commit. */
final class DocumentInserts {

    private final TableEngine engine;
    private final ColumnEmbedder embedder;
    private final DocumentRules rules;
    private final NormWarnings norms;
    private final DocumentIds ids;

    DocumentInserts(
            TableEngine engine, ColumnEmbedder embedder, DocumentRules rules, NormWarnings norms, DocumentIds ids) {
        this.engine = engine;
        this.embedder = embedder;
        this.rules = rules;
        this.norms = norms;
        this.ids = ids;
    }

    CompletableFuture<InsertedDocument> one(
            Collection collection, NewDocument document, OnConflict onConflict, Terms terms) {
        rules.require(document, collection, "");
        CompletableFuture<List<InsertedDocument>> all =
                insert(collection, List.of(document), onConflict, terms, "text");
        CompletableFuture<InsertedDocument> inserted = all.thenApply(List::getFirst);
        Futures.cancelWith(inserted, all);
        return inserted;
    }

    CompletableFuture<List<InsertedDocument>> batch(
            Collection collection, List<NewDocument> documents, OnConflict onConflict, Terms terms) {
        rules.requireBatch(documents, collection);
        return insert(collection, documents, onConflict, terms, "documents[" + firstText(documents) + "].text");
    }

    /** @param textField the field to blame if the model's vectors do not fit the collection */
    private CompletableFuture<List<InsertedDocument>> insert(
            Collection collection, List<NewDocument> documents, OnConflict onConflict, Terms terms, String textField) {
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
            return write(collection, documents, List.of(), onConflict);
        }
        CompletableFuture<List<float[]>> vectors =
                embedder.documents(CollectionTable.model(collection), texts, terms, textField);
        CompletableFuture<List<InsertedDocument>> inserted =
                vectors.thenCompose(made -> write(collection, documents, made, onConflict));
        Futures.cancelWith(inserted, vectors);
        return inserted;
    }

    private CompletableFuture<List<InsertedDocument>> write(
            Collection collection, List<NewDocument> documents, List<float[]> made, OnConflict onConflict) {
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
        return Futures.call(() -> engine.write(collection.id(), new Mutation.Insert(rows, onConflict)))
                .thenApply(written -> List.copyOf(inserted))
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(CollectionDirectory.translate(failure, collection)));
    }

    private static int firstText(List<NewDocument> documents) {
        int i = 0;
        while (i < documents.size() - 1 && documents.get(i).vector() != null) {
            i++;
        }
        return i;
    }
}
