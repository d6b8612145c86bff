package com.akidb.http.server;

import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Answers one route: reads the request, calls one service, renders. Runs on an event loop (or, for a large body, on another
 * thread), so that it must not block there; {@link Call} has the ways to go elsewhere.
 */
@FunctionalInterface
public interface Endpoint {

    Mono<? extends Reply> handle(Call call);

    /** What it takes and gives beside the usual. */
    default Set<Extra> extras() {
        return Set.of();
    }

    /** What some endpoints take and give. */
    enum Extra {
        /** A body, whatever the method. */
        BODY,
        /** No body as well, where others need one. */
        NO_BODY,
        /** A body of JSON values, one a line, as well. */
        LINES_IN,
        /** A body that is a stream of Arrow IPC as well. */
        ARROW_IN,
        /** An answer of JSON values, one a line, as well. */
        LINES_OUT,
        /** A stream of events, for as long as somebody listens. */
        EVENTS_OUT,
        /** A WebSocket, whose key or token may also come as a subprotocol: browsers cannot send headers with it. */
        SOCKET,
        /** A page for browsers as well. */
        PAGE_OUT,
        /** Bytes of any kind as well. */
        BYTES_OUT,
        /**
         * Callers who may see only some tables, or parts of them: it asks services in their name ({@link Call#rights}), and shows
         * nothing else of the data. Others refuse such callers.
         */
        LIMITED,
        /** A line in the audit log, though nothing that is stored changes. */
        AUDITED,
        /** The header Idempotency-Key: it answers by {@link Call#write}. */
        ONCE
    }

    /** The same endpoint with something beside the usual. */
    static Endpoint with(Endpoint endpoint, Extra... extras) {
        Set<Extra> all = Set.of(extras);
        return new Endpoint() {
            @Override
            public Mono<? extends Reply> handle(Call call) {
                return endpoint.handle(call);
            }

            @Override
            public Set<Extra> extras() {
                return all;
            }
        };
    }
}
