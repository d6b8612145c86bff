package com.akidb.collection;

import com.akidb.account.Account;
import com.akidb.engine.OnConflict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Collections of documents. A collection is named by its UUID or its name. Methods that return a future never block and
 * may be called on an event loop; the others may touch the disk. What is written and
 * embedded is charged to the account that comes along. Failures are {@link com.akidb.error.AkidbException}s.
 */
public interface CollectionService {

    /** Creates a collection; Conflict if the name is taken. */
    Collection create(NewCollection request);

    /** All collections in the order of their creation. */
    List<Collection> list();

    /** One collection; NotFound if there is none. Touches no disk. */
    Collection get(String collection);

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

    /** Deletes a document; completes when durable, with NotFound if there is none. */
    CompletableFuture<Void> deleteDocument(String collection, String id, Account account);

    /**
     * Documents in the order of their insertion.
     *
     * @param cursor empty to begin
     * @param limit 1 to 1,000
     */
    DocumentPage documents(String collection, String cursor, int limit, boolean includeVectors);

    /** Finds the nearest documents. */
    CompletableFuture<DocumentHits> search(String collection, DocumentSearch search, Account account);
}
