package com.akidb.sync;

import com.akidb.account.Rights;
import com.akidb.concurrent.Futures;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.sync.PullService.Patch;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Patches for clients that ask the same: those that listen to a table have the same cookie and want the same of it, and each
 * commit makes all of them ask. A patch is made by one of them, told to all, and kept for those who come later, until something
 * happens to its tables. Safe for many threads.
 */
final class SharedPatches {

    /** A larger one is told to whom it was made for, whose share of memory it counts against, and is not kept. */
    private static final int LARGEST = 128 * 1024;

    /** Bytes of all that are kept. */
    private static final long MOST_KEPT = 4L << 20;

    private final TableEngine engine;
    private final Cache<Question, SharedPatch> kept = Caffeine.newBuilder()
            .maximumWeight(MOST_KEPT)
            .weigher(SharedPatches::weight)
            .executor(Runnable::run)
            .build();
    private final Map<Question, Making> making = new ConcurrentHashMap<>();

    SharedPatches(TableEngine engine) {
        this.engine = engine;
    }

    /** What a client has and wants; see {@link PullService.Pull}. */
    record Question(
            String subscriptions, Rights rights, @Nullable String cookie, int limit, boolean clearsTables) {}

    /**
     * What clients are told that ask the same.
     *
     * @param tables that it is about, as they were
     * @param version the commit as of which it is
     * @param cookie for the next pull, as JSON
     * @param toldBefore the commit up to which the clients know the last mutation ids
     * @param more whether there is more to tell, and ids are held back
     * @param steps as they were written
     */
    record SharedPatch(
            List<Table> tables, long version, String cookie, long toldBefore, boolean more, List<ByteBuffer> steps) {

        /** The patch for one of the clients, with the ids of its group. */
        Patch with(ClientGroup group) {
            Map<String, Long> last = more ? Map.of() : group.lastMutationsSince(toldBefore);
            return new Patch(cookie, last, group.refusals(last.keySet()), steps, more);
        }

        int bytes() {
            return steps.stream().mapToInt(ByteBuffer::remaining).sum();
        }
    }

    /** @param since the last commit when it began: it is as of this one or a later one */
    private record Making(long since, CompletableFuture<@Nullable SharedPatch> patch) {}

    private static int weight(Question question, SharedPatch patch) {
        int cookie = question.cookie() == null ? 0 : question.cookie().length();
        return 500 + question.subscriptions().length() + cookie + patch.cookie().length() + patch.bytes();
    }

    /** The patch that is still the right one; null if none is kept. */
    @Nullable
    SharedPatch kept(Question question) {
        SharedPatch patch = kept.getIfPresent(question);
        return patch != null && patch.tables().stream().allMatch(table -> isAsOf(table, patch.version()))
                ? patch
                : null;
    }

    private boolean isAsOf(Table table, long version) {
        Table now = engine.find(table.id()).orElse(null);
        return now != null
                && now.version() <= version
                && now.columnsVersion() == table.columnsVersion()
                && now.definition().name().equals(table.definition().name());
    }

    /**
     * A patch as of the last commit or a later one.
     *
     * @param make begins to make it, if nobody else is about to; it goes on when who began it has gone
     * @return completes with null if who asks has to make a patch of its own
     */
    CompletableFuture<@Nullable SharedPatch> make(
            Question question, Supplier<CompletableFuture<@Nullable SharedPatch>> make) {
        long now = engine.version();
        Making mine = new Making(now, new CompletableFuture<>());
        Making running = making.compute(question, (_, before) -> before != null && before.since >= now ? before : mine);
        if (running != mine) {
            return running.patch.thenApply(patch -> patch != null && patch.bytes() <= LARGEST ? patch : null);
        }
        return Futures.call(make).whenComplete((patch, failure) -> {
            if (patch != null && patch.bytes() <= LARGEST) {
                kept.put(question, patch);
            }
            making.remove(question, mine);
            mine.patch.complete(patch);
        });
    }
}
