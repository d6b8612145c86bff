package com.akidb.collection;

import com.akidb.account.Account;
import com.akidb.engine.IndexStatus;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.table.Search;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Collections of documents: tables with fixed columns, whose texts are embedded by themselves. A collection is named by its
 * UUID or its name. Methods that return a future never block and may be called on an event loop; the others may touch the
 * disk. What is written and embedded is charged to the account that comes along. Failures are {@link com.akidb.error.AkidbException}s.
 */
public interface CollectionService {

    /** The column of a collection that searches by similarity look at. */
    String VECTOR = CollectionTable.VECTOR;

    /** The column of a collection that searches by words look at. */
    String TEXT = CollectionTable.TEXT;

    /** The condition that a document has one of some ids. */
    static Predicate anyOf(List<String> ids) {
        return new Predicate.In(FieldPath.column(CollectionTable.ID), List.<Object>copyOf(ids));
    }

    /** Creates a collection; Conflict if the name is taken. */
    Collection create(NewCollection request);

    /** All collections in the order of their creation. */
    List<Collection> list();

    /** One collection; NotFound if there is none. Touches no disk. */
    Collection get(String collection);

    /** A collection as the table that it is; NotFound if there is none. Touches no disk. */
    TableSchema schema(String collection);

    /** Deletes a collection and its documents; NotFound if there is none. */
    void delete(String collection);

    /**
     * Inserts a document, embedding it if it comes without a vector. Failures name its fields as {@code text} and so on.
     *
     * @return when durable and searchable
     */
    CompletableFuture<InsertedDocument> insert(
            String collection, NewDocument document, OnConflict onConflict, Duration timeout, Account account);

    /**
     * Inserts documents, all or none, embedding those that come without a vector. Failures name fields as {@code
     * documents[3].text} and so on.
     *
     * @param documents 1 to 1,000, no id twice
     * @param onConflict for ids that exist
     * @return in the order of the documents, when durable and searchable
     */
    CompletableFuture<List<InsertedDocument>> insert(
            String collection, List<NewDocument> documents, OnConflict onConflict, Duration timeout, Account account);

    /** One document; NotFound if there is none. */
    Document document(String collection, String id, boolean includeVector);

    /**
     * Some documents by their ids, in the order of the ids; those that are not there are left out.
     *
     * @param ids at most 1,000
     */
    List<Document> documents(String collection, List<String> ids, boolean includeVectors);

    /** Deletes a document; completes when durable, with NotFound if there is none. */
    CompletableFuture<Void> deleteDocument(String collection, String id, Account account);

    /**
     * Deletes documents, all in one commit.
     *
     * @return how many there were, when durable
     */
    CompletableFuture<Integer> deleteDocuments(String collection, RowSelection documents, Account account);

    /**
     * Changes a document, embedding its new text if that comes without a vector; NotFound if there is none.
     *
     * @return when durable and searchable
     */
    CompletableFuture<Void> updateDocument(
            String collection, String id, DocumentChange change, Duration timeout, Account account);

    /**
     * Gives documents other metadata, all in one commit.
     *
     * @param change of the metadata alone
     * @return how many were changed, when durable and searchable
     */
    CompletableFuture<Integer> updateDocuments(
            String collection, RowSelection documents, DocumentChange change, Account account);

    /**
     * Documents in the order of their insertion.
     *
     * @param where documents must satisfy it; null lets all pass
     * @param cursor empty to begin
     * @param limit 1 to 1,000; a page ends early rather than hold more than 16 MB
     */
    DocumentPage documents(
            String collection, @Nullable Predicate where, String cursor, int limit, boolean includeVectors);

    /** How many documents satisfy a condition; all for null. */
    long count(String collection, @Nullable Predicate where);

    /**
     * Finds the nearest documents.
     *
     * @param search in {@link #VECTOR} of a collection's {@link #schema}
     */
    CompletableFuture<DocumentHits> search(Search search, boolean includeMetadata);

    /** The state of the index of words over a collection's texts; null if there is none. */
    @Nullable
    IndexStatus textIndex(String collection);

    /**
     * Makes the index that hybrid searches need, unless it is there. It is built in the background, and kept up to date by
     * every write from then on.
     *
     * @return whether it was made
     */
    boolean createTextIndex(String collection);

    /** Drops the index of words; whether it was there. */
    boolean dropTextIndex(String collection);
}
