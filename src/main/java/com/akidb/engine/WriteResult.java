package com.akidb.engine;

/**
 * What a write did, told when it is durable and searchable.
 *
 * @param updated rows, or filled cells
 * @param version sequence number of the commit
 */
public record WriteResult(int inserted, int replaced, int ignored, int updated, int deleted, long version) {}
