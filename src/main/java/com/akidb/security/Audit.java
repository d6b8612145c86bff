package com.akidb.security;

import com.akidb.security.audit.AuditFile;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The log of who changed what. A line is handed to the system before its request is answered, so that a killed process
 * loses no line of an answered one; a line that cannot be written goes into the server's own log. Safe for many threads.
 */
public final class Audit implements AutoCloseable {

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final BooleanSupplier on;
    private final AuditFile file;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("akidb-audit").daemon().factory());

    /** @param on whether lines are kept now */
    Audit(BooleanSupplier on, AuditFile file) {
        this.on = on;
        this.file = file;
    }

    /** Whether lines are kept. */
    public boolean isOn() {
        return on.getAsBoolean();
    }

    /** Keeps a line; the outcome never fails, and comes when it is written. */
    public CompletableFuture<Void> write(AuditEntry entry) {
        return isOn() ? CompletableFuture.runAsync(() -> file.append(json(entry)), writer) : DONE;
    }

    /** How many lines could not be written to their file. */
    public long failures() {
        return file.failures();
    }

    private static String json(AuditEntry entry) {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("time", entry.time().toString());
        put(line, "request_id", entry.requestId());
        line.put("key_id", entry.caller().id()).put("key", entry.caller().name());
        line.put("operation", entry.operation());
        put(line, "target", entry.target());
        if (entry.items() != null) {
            line.put("items", entry.items());
        }
        return line.put("outcome", entry.outcome()).toString();
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
        file.close();
    }
}
