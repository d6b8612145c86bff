package com.akidb.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.math.BigInteger;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gives every call of AkiDB's services a deadline, also where its client set none or a longer one: gRPC ends a call then,
 * whatever it waits for. Without one, a client that does not read its answer would hold the memory for it for ever. It is said
 * in the header in which clients say theirs, which gRPC reads after tracers of calls have seen it.
 */
final class CallDeadlines extends ServerStreamTracer.Factory {

    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Boolean> SET_HERE = Context.key("deadline-set-here");
    private static final String SERVICES = "akidb.";
    private static final int MOST_DIGITS = 8;

    private final Duration longest;

    /** @param longest how long a call may take until its client has read the answer */
    CallDeadlines(Duration longest) {
        this.longest = longest;
    }

    /** Whether the client of the current call set no deadline. */
    static boolean isSetHere() {
        return Boolean.TRUE.equals(SET_HERE.get());
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        if (!method.startsWith(SERVICES)) {
            return new ServerStreamTracer() {};
        }
        String wanted = headers.get(TIMEOUT);
        if (wanted == null || isLonger(wanted)) {
            headers.discardAll(TIMEOUT);
            headers.put(TIMEOUT, header());
        }
        return new ServerStreamTracer() {
            @Override
            public Context filterContext(Context context) {
                return wanted == null ? context.withValue(SET_HERE, true) : context;
            }
        };
    }

    private String header() {
        long millis = longest.toMillis();
        return Long.toString(millis).length() <= MOST_DIGITS ? millis + "m" : longest.toSeconds() + "S";
    }

    /** Whether a header asks for more time. What is no timeout is left for gRPC to refuse. */
    private boolean isLonger(String header) {
        Long unit = header.isEmpty() ? null : nanosOf(header.charAt(header.length() - 1));
        if (unit == null || !header.matches("\\d{1," + MOST_DIGITS + "}.")) {
            return false;
        }
        BigInteger nanos = new BigInteger(header.substring(0, header.length() - 1)).multiply(BigInteger.valueOf(unit));
        return nanos.compareTo(BigInteger.valueOf(longest.toNanos())) > 0;
    }

    private static @Nullable Long nanosOf(char unit) {
        return switch (unit) {
            case 'n' -> 1L;
            case 'u' -> 1_000L;
            case 'm' -> 1_000_000L;
            case 'S' -> 1_000_000_000L;
            case 'M' -> 60_000_000_000L;
            case 'H' -> 3_600_000_000_000L;
            default -> null;
        };
    }
}
