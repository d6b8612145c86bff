package com.akidb.collection;

import com.akidb.vector.Metric;
import java.time.Instant;
import java.util.UUID;

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
