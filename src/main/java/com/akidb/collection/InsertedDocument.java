package com.akidb.collection;

/**
 * A document that is durable and searchable.
 *
 * @param vectorGenerated whether the server made the vector
 */
public record InsertedDocument(String id, boolean vectorGenerated) {}
