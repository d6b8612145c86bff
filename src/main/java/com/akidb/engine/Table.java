package com.akidb.engine;

import java.time.Instant;
import java.util.UUID;

/**
 * A table that exists.
 *
 * @param id for life, never given again
 * @param rowCount rows as of the last commit
 * @param version sequence number of the last commit that changed the table
 */
public record Table(UUID id, TableDefinition definition, Instant createdAt, long rowCount, long version) {}
