package com.akidb.sync;

import com.akidb.engine.TableEngine;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Client groups as they were last read. They change by what their clients push and by nothing else, so that most pulls, whose
 * clients only read, need not read them again. Safe for many threads.
 */
final class ClientGroups {

    /** Most clients and refusals that are kept in memory, of some hundred bytes each. */
    private static final long MOST_KEPT = 40_000;

    /** Groups share marks of whether they change; one that shares another's is read again for nothing. */
    private static final int MARKS = 1 << 12;

    /** The lower bits of a mark count the pushes that are under way, the upper ones those that have ended. */
    private static final long UNDER_WAY = (1L << 20) - 1;

    private final TableEngine engine;
    private final AtomicLongArray marks = new AtomicLongArray(MARKS);
    private final Cache<Key, Known> known = Caffeine.newBuilder()
            .maximumWeight(MOST_KEPT)
            .weigher((Key _, Known kept) -> kept.group.weight())
            .executor(Runnable::run)
            .build();

    ClientGroups(TableEngine engine) {
        this.engine = engine;
    }

    private record Key(String group, String caller) {}

    /** @param mark as it was before the group was read */
    private record Known(ClientGroup group, long mark) {}

    /** A group as it is now, if that is known without reading it; otherwise null. */
    @Nullable
    ClientGroup known(String group, String caller) {
        Known kept = known.getIfPresent(new Key(group, caller));
        return kept != null && kept.mark == marks.get(place(group)) ? kept.group : null;
    }

    /**
     * Reads a group; blocks.
     *
     * @throws com.akidb.error.ForbiddenException if it is another caller's
     */
    ClientGroup read(String group, String caller) {
        long mark = marks.get(place(group));
        ClientGroup read = engine.snapshot(List.of(), snapshot -> ClientGroup.read(snapshot, group, caller));
        if ((mark & UNDER_WAY) == 0) {
            known.put(new Key(group, caller), new Known(read, mark));
        }
        return read;
    }

    /** Begins a write that changes a group; nothing is known of the group until the write has ended. */
    <T> CompletableFuture<T> changing(String group, Supplier<CompletableFuture<T>> write) {
        int place = place(group);
        marks.getAndIncrement(place);
        CompletableFuture<T> begun;
        try {
            begun = write.get();
        } catch (RuntimeException | Error e) {
            marks.getAndAdd(place, UNDER_WAY);
            throw e;
        }
        // One less is under way, one more has ended.
        return begun.whenComplete((_, _) -> marks.getAndAdd(place, UNDER_WAY));
    }

    private static int place(String group) {
        int hash = group.hashCode();
        return (hash ^ hash >>> 16) & MARKS - 1;
    }
}
