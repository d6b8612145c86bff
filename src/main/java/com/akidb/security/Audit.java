package com.akidb.security;

import com.akidb.error.ErrorCode;
import com.akidb.security.audit.AuditFile;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The log of who changed what, and beside it that of who was refused to, which has files of its own, so that nobody can push
 * lines about changes out by being refused often. A line is handed to the system before its request is answered, so that a killed process
 * loses no line of an answered one; a line that cannot be written goes into the server's own log. Safe for many threads.
 */
public final class Audit implements AutoCloseable {

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    /** Lines about refusals that wait, at most. */
    private static final int MOST_WAITING = 10_000;

    private final BooleanSupplier on;
    private final AuditFile changes;
    private final AuditFile refusals;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("akidb-audit").daemon().factory());

    /** @param on whether lines are kept now */
    Audit(BooleanSupplier on, AuditFile changes, AuditFile refusals) {
        this.on = on;
        this.changes = changes;
        this.refusals = refusals;
    }

    /** Whether lines are kept. */
    public boolean isOn() {
        return on.getAsBoolean();
    }

    /** Keeps a line; the outcome never fails, and comes when it is written. */
    public CompletableFuture<Void> write(AuditEntry entry) {
        return isOn()
                ? CompletableFuture.runAsync(() -> changes.append(json(entry).toString()), writer)
                : DONE;
    }

    /**
     * Keeps a line about a change that the gate refused. Nobody waits for it: who has no key is answered at once, and
     * when more lines wait than the disk takes, further ones are lost and counted.
     *
     * @param code why
     * @param from the address of the other end of the connection; null if it is not known
     */
    public void refused(AuditEntry entry, ErrorCode code, @Nullable SocketAddress from) {
        if (!isOn()) {
            return;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            lost.incrementAndGet();
            return;
        }
        writer.execute(() -> {
            waiting.decrementAndGet();
            ObjectNode line = json(entry).put("code", code.name());
            put(line, "address", host(from));
            refusals.append(line.toString());
        });
    }

    private static @Nullable String host(@Nullable SocketAddress from) {
        if (from instanceof InetSocketAddress address && address.getAddress() != null) {
            return address.getAddress().getHostAddress();
        }
        return from == null ? null : from.toString();
    }

    /**
     * Lines about changes, newest first; blocks.
     *
     * @param limit most lines; fewer come where older ones lie far back
     */
    public List<String> newest(int limit) {
        return changes.newest(limit);
    }

    /** Lines about changes that were refused, newest first; see {@link #newest}. */
    public List<String> newestRefused(int limit) {
        return refusals.newest(limit);
    }

    /** How many lines could not be written to their file. */
    public long failures() {
        return changes.failures() + refusals.failures() + lost.get();
    }

    private static ObjectNode json(AuditEntry entry) {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("time", entry.time().toString());
        put(line, "request_id", entry.requestId());
        line.put("key_id", entry.caller().id()).put("key", entry.caller().name());
        line.put("operation", entry.operation());
        put(line, "target", entry.target());
        if (entry.items() != null) {
            line.put("items", entry.items());
        }
        return line.put("outcome", entry.outcome());
    }

    private static void put(ObjectNode line, String name, @Nullable String value) {
        if (value != null) {
            line.put(name, value);
        }
    }

    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(5, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        changes.close();
        refusals.close();
    }
}
