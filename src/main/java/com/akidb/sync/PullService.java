package com.akidb.sync;

import com.akidb.account.Rights;
import com.akidb.concurrent.Patience;
import com.akidb.engine.Changes;
import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowQuery;
import com.akidb.engine.Snapshot;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.error.TableChangedException;
import com.akidb.error.UnavailableException;
import com.akidb.memory.Heap;
import com.akidb.sync.Cookie.Position;
import com.akidb.sync.PullService.Patch.Operation;
import com.akidb.sync.SharedPatches.SharedPatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients what happened since they last asked. A pull is as of one commit, for all tables and for the ids of mutations
 * alike. What is too much for one answer comes in several; until the last of them, ids are held back, for the effects of their
 * mutations may still be missing. Of clients that have the same and want the same, one makes the rest of the answer for all; see
 * {@link SharedPatches}. Failures are {@link com.akidb.error.AkidbException}s. Safe for many threads.
 */
public final class PullService {

    private static final int MOST_ATTEMPTS = 5;

    private final TableEngine engine;
    private final ClientGroups groups;
    private final SharedPatches shared;

    PullService(TableEngine engine, ClientGroups groups) {
        this.engine = engine;
        this.groups = groups;
        this.shared = new SharedPatches(engine);
    }

    /**
     * What a client asks. Where subscriptions, rights, cookie, limit and {@code clearsTables} are equal, so are the steps of the
     * answer and how they are written.
     *
     * @param group id of its client group
     * @param caller who asks; only the caller who pushed mutations of a group may pull for it
     * @param rights of the caller
     * @param cookie as the client has it, JSON; null for none
     * @param limit most rows and deletions that are told, 1 to 10,000
     * @param clearsTables whether the client understands that a single table is to be cleared
     * @param secret of the server, see {@link OpaqueKeys}
     * @param subscriptions as the client has them
     * @param reading makes the subscriptions for the tables as they are when it is called, each table once
     * @param writing writes steps
     */
    public record Pull(
            String group,
            String caller,
            Rights rights,
            @Nullable String cookie,
            int limit,
            boolean clearsTables,
            byte[] secret,
            String subscriptions,
            Supplier<List<Subscription>> reading,
            Function<List<Operation>, List<ByteBuffer>> writing) {

        public static final int MAX_LIMIT = 10_000;
    }

    /** Where what blocks is done. */
    public interface Away {

        /** Works on a thread that may block. */
        <T extends @Nullable Object> CompletableFuture<T> run(Supplier<T> work);
    }

    /** What a client is told. */
    public sealed interface Pulled {}

    /**
     * The client speaks of commits that the server does not have, since an older copy of the data took their place.
     *
     * @param lastMutations ids of the last mutations that are done, by client of the group
     */
    public record ClientStateNotFound(Map<String, Long> lastMutations) implements Pulled {}

    /**
     * What brings the client's replica up to date.
     *
     * @param cookie for the next pull, as JSON
     * @param lastMutations ids of the last mutations that are done, by client, where they are others than before
     * @param refused of these clients, what was refused of late
     * @param steps as they were written; others may be given the same buffers
     * @param more whether there is more to tell already
     */
    public record Patch(
            String cookie,
            Map<String, Long> lastMutations,
            Map<String, List<Refusal>> refused,
            List<ByteBuffer> steps,
            boolean more)
            implements Pulled {

        /** A step, to be done after those before it. */
        public sealed interface Operation {

            /**
             * All rows of a table go, or all of all tables.
             *
             * @param table its name; null for all
             */
            record Clear(@Nullable String table) implements Operation {}

            /** A row is now so. */
            record Put(Subscription subscription, String key, Row row) implements Operation {}

            /** A row is not there, or not wanted, any more; the client may never have heard of it. */
            record Delete(String table, String key) implements Operation {}
        }
    }

    /** Answers a pull; at once, if what there is to tell was made for another and nothing has happened since. */
    public CompletableFuture<Pulled> pull(Pull pull, Away away) {
        SharedPatches.Question question = new SharedPatches.Question(
                pull.subscriptions(), pull.rights(), pull.cookie(), pull.limit(), pull.clearsTables());
        SharedPatch kept = shared.kept(question);
        if (kept != null) {
            return told(pull, kept, away);
        }
        Cookie cookie = Cookie.parse(pull.cookie());
        if (!cookie.isLoaded()) {
            return away.run(() -> alone(pull, cookie));
        }
        return shared.make(question, () -> away.run(() -> Patience.endless(() -> patch(pull, cookie))))
                .thenCompose(patch -> patch == null ? away.run(() -> alone(pull, cookie)) : told(pull, patch, away));
    }

    /** A patch that was made without regard to the client group, with the ids that belong to it. */
    private CompletableFuture<Pulled> told(Pull pull, SharedPatch patch, Away away) {
        // Looked at after the patch was made: whatever the patch has of the group's mutations is counted by now.
        ClientGroup known = groups.known(pull.group(), pull.caller());
        if (known != null && known.newest() <= patch.version()) {
            return CompletableFuture.completedFuture(patch.with(known));
        }
        return away.run(() -> {
            ClientGroup group = groups.read(pull.group(), pull.caller());
            return group.newest() <= patch.version() ? patch.with(group) : alone(pull, Cookie.parse(pull.cookie()));
        });
    }

    /** Answers a pull by what one commit has, the client group's ids as well. */
    private Pulled alone(Pull pull, Cookie cookie) {
        boolean lost = isLost(cookie);
        return reading(pull, cookie, (snapshot, subscriptions) -> {
            ClientGroup group = ClientGroup.read(snapshot, pull.group(), pull.caller());
            if (lost) {
                return () -> new ClientStateNotFound(group.lastMutations());
            }
            Supplier<SharedPatch> patch = patch(pull, subscriptions, snapshot, cookie);
            return () -> patch.get().with(group);
        });
    }

    /** What all who ask the same are told; null if they have to be told that their state is lost. */
    private @Nullable SharedPatch patch(Pull pull, Cookie cookie) {
        return isLost(cookie)
                ? null
                : reading(pull, cookie, (snapshot, subscriptions) -> patch(pull, subscriptions, snapshot, cookie));
    }

    private boolean isLost(Cookie cookie) {
        return cookie.isUsable() && !engine.includes(cookie.history(), cookie.version());
    }

    /** Reads as of one commit, and ends what was read when the snapshot is no longer needed. */
    private <T> T reading(
            Pull pull, Cookie cookie, BiFunction<Snapshot, List<Subscription>, Supplier<? extends T>> work) {
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            List<Subscription> subscriptions = pull.reading().get();
            List<Table> tables =
                    subscriptions.stream().map(each -> each.schema().table()).toList();
            try {
                return engine.<Supplier<? extends T>>snapshot(tables, snapshot -> work.apply(snapshot, subscriptions))
                        .get();
            } catch (TableChangedException e) {
                // Once more, for the columns that the tables have now.
            }
        }
        throw new UnavailableException("The tables' columns change faster than they can be read; try again");
    }

    private Supplier<SharedPatch> patch(Pull pull, List<Subscription> subscriptions, Snapshot snapshot, Cookie cookie) {
        Reading first = new Reading(snapshot, pull, cookie);
        Reading reading = first.all(subscriptions) ? first : new Reading(snapshot, pull, Cookie.none(cookie.order()));
        if (reading != first) {
            // A table has to be cleared, and the client can only clear all of them.
            reading.all(subscriptions);
        }
        long version = snapshot.version();
        Cookie next = new Cookie(
                Math.max(cookie.order(), version),
                engine.history(),
                version,
                reading.more ? Math.max(0, cookie.told()) : version,
                reading.positions);
        List<Table> tables =
                subscriptions.stream().map(each -> each.schema().table()).toList();
        return () -> new SharedPatch(
                tables,
                version,
                next.json(),
                cookie.told(),
                reading.more,
                pull.writing().apply(reading.operations));
    }

    /** Reads what one answer has room for. */
    private static final class Reading {

        private final Snapshot snapshot;
        private final Pull pull;
        private final Cookie cookie;
        private final OpaqueKeys opaque;
        private final List<Operation> operations = new ArrayList<>();
        private final Map<String, Position> positions = new LinkedHashMap<>();
        private int rowsLeft;
        private long bytesLeft = Heap.page();
        private boolean more;

        Reading(Snapshot snapshot, Pull pull, Cookie cookie) {
            this.snapshot = snapshot;
            this.pull = pull;
            this.cookie = cookie;
            this.opaque = new OpaqueKeys(pull.secret());
            this.rowsLeft = pull.limit();
        }

        /** False if a single table would have to be cleared and the client cannot do that. */
        boolean all(List<Subscription> subscriptions) {
            if (!cookie.isUsable()) {
                operations.add(new Operation.Clear(null));
            }
            Set<String> gone = new HashSet<>(cookie.tables().keySet());
            subscriptions.forEach(each -> gone.remove(each.schema().name()));
            for (String table : gone) {
                if (!clear(table)) {
                    return false;
                }
            }
            for (Subscription subscription : subscriptions) {
                if (!one(subscription)) {
                    return false;
                }
            }
            return true;
        }

        private boolean clear(String table) {
            operations.add(new Operation.Clear(table));
            return pull.clearsTables();
        }

        private boolean one(Subscription subscription) {
            String name = subscription.schema().name();
            Position position = cookie.tables().get(name);
            if (position != null && !position.fingerprint().equals(fingerprint(subscription))) {
                if (!clear(name)) {
                    return false;
                }
                position = null;
            }
            if (position == null) {
                position = fromTheStart(subscription);
            }
            boolean complete = false;
            while (!complete && rowsLeft > 0 && bytesLeft > 0) {
                if (position.loaded() != null) {
                    position = load(subscription, position);
                } else {
                    Changes changes = snapshot.changes(
                            subscription.schema().table(), position.place(), rowsLeft, subscription.needsVectors());
                    switch (changes) {
                        case Changes.StartAnew _ -> {
                            if (!clear(name)) {
                                return false;
                            }
                            position = fromTheStart(subscription);
                        }
                        case Changes.Page page -> {
                            page.changes().forEach(change -> tell(subscription, change));
                            position = new Position(position.fingerprint(), page.next(), null);
                            complete = !page.more();
                        }
                    }
                }
            }
            more |= !complete;
            positions.put(name, position);
            return true;
        }

        /** With another secret a replica has other keys, and has to be made anew. */
        private String fingerprint(Subscription subscription) {
            return subscription.isPartial() ? opaque.of(subscription.fingerprint()) : subscription.fingerprint();
        }

        private String key(Subscription subscription, String key) {
            return subscription.isPartial() ? opaque.of(subscription.schema(), key) : key;
        }

        private Position fromTheStart(Subscription subscription) {
            return new Position(
                    fingerprint(subscription),
                    snapshot.now(subscription.schema().table()),
                    0L);
        }

        /** The next rows of a table in the order of their ids; what happens to rows meanwhile is told afterwards. */
        private Position load(Subscription subscription, Position position) {
            Long loaded = position.loaded();
            RowQuery.Place after = loaded == null || loaded == 0 ? null : new RowQuery.Place(List.of(), loaded);
            QueryPage page = snapshot.query(
                    subscription.schema().table(),
                    new RowQuery(
                            subscription.where(),
                            List.of(),
                            after,
                            0,
                            rowsLeft,
                            bytesLeft,
                            subscription.needsVectors()));
            page.rows().forEach(row -> put(subscription, row));
            RowQuery.Place next = page.next();
            return new Position(position.fingerprint(), position.place(), next == null ? null : next.rowId());
        }

        private void tell(Subscription subscription, Changes.Change change) {
            Row row = change.row();
            if (row != null && subscription.passes(row)) {
                put(subscription, row);
            } else {
                operations.add(new Operation.Delete(subscription.schema().name(), key(subscription, change.key())));
                take(change.key().length());
            }
        }

        private void put(Subscription subscription, Row row) {
            operations.add(new Operation.Put(subscription, key(subscription, subscription.key(row)), row));
            take(row.weight());
        }

        private void take(long bytes) {
            rowsLeft--;
            bytesLeft -= bytes;
        }
    }
}
