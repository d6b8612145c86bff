package com.akidb.security;

/**
 * Where an operator's own rules about how much a key may use come in. A bean of this type is asked before anything is
 * done; without one, nothing is limited but the rate of requests. It is called on event loops: it must be safe for many
 * threads and must not block.
 */
@FunctionalInterface
public interface Quota {

    /** Limits nothing. */
    Quota NONE = (caller, route, unit, amount) -> {};

    /** What is counted. */
    enum Unit {
        /** Requests that got past the checks of the key; each counts 1. */
        REQUESTS,
        /** Texts that are to be embedded. */
        TEXTS,
        /** Rows or documents that are to be written. */
        ROWS
    }

    /**
     * Counts what a request is about to use, or refuses it.
     *
     * @param caller whose it is
     * @param route such as <code>POST /collections/{collection}/documents</code> or a gRPC method's full name
     * @param amount positive
     * @throws com.akidb.error.OverloadedException if the caller has to wait for it; its code should be QUOTA_EXCEEDED
     * @throws com.akidb.error.ForbiddenException if waiting does not help
     */
    void charge(Caller caller, String route, Unit unit, long amount);
}
