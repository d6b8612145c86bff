package com.akidb.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log: who did what to what, and what came of it. Never texts, vectors or keys.
 *
 * @param time when it was answered
 * @param caller who
 * @param requestId of the request; null where it has none
 * @param operation such as <code>DELETE /collections/{collection}</code> or a gRPC method's full name
 * @param target name or id of the table or collection, as the caller gave it; null if there is none
 * @param items how many rows or documents were sent or hit; null if it is not known
 * @param outcome HTTP status, gRPC status, or {@code cancelled}: the caller went away, and it may or may not have happened
 */
public record AuditEntry(
        Instant time,
        Caller caller,
        @Nullable String requestId,
        String operation,
        @Nullable String target,
        @Nullable Long items,
        String outcome) {}
