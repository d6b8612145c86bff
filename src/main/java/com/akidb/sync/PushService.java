package com.akidb.sync;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.concurrent.Patience;
import com.akidb.engine.Note;
import com.akidb.engine.RowSelection;
import com.akidb.engine.TableEngine;
import com.akidb.engine.TableMutation;
import com.akidb.engine.WriteResult;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.error.TableChangedException;
import com.akidb.error.TooLargeException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.error.UnavailableException;
import com.akidb.sync.ClientGroup.Client;
import com.akidb.table.RowService;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.TableSchema;
import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what clients changed. The mutations of a client have ids from 1 without gaps; each happens once, in the order of the
 * ids, and its id is counted by the commit of its effect. One that can never succeed is counted alone. Blocks. Failures are
 * {@link AkidbException}s; what was done before one stays done, and the client sends all again.
 */
public final class PushService {

    /** Mutations that share a commit if all of them succeed. */
    private static final int BATCH = 100;

    private static final int MOST_ATTEMPTS = 5;

    private final TableEngine engine;
    private final RowService rows;
    private final ClientGroups groups;

    PushService(TableEngine engine, RowService rows, ClientGroups groups) {
        this.engine = engine;
        this.rows = rows;
        this.groups = groups;
    }

    /**
     * What a client sends.
     *
     * @param group id of its client group
     * @param caller who sends it; the first for a group is the only one
     */
    public record Push(String group, String caller, List<Pushed> mutations) {
        public Push {
            mutations = List.copyOf(mutations);
        }
    }

    /**
     * A mutation as a client sends it.
     *
     * @param client its id, 1 to 64 characters
     * @param id of the mutation, from 1
     * @param change made for the tables as they are when it is called; fails with what is wrong with the mutation
     */
    public record Pushed(String client, long id, Supplier<Change> change) {}

    /** What a mutation changes. */
    public sealed interface Change {

        /** Rows that are new. */
        record Insert(RowInsert rows) implements Change {}

        /**
         * Other values of a row.
         *
         * @param key primary key, as text
         * @param ifVersion the commit that must have written the row last; null for any
         */
        record Update(
                TableSchema schema,
                String key,
                Map<String, @Nullable Object> values,
                @Nullable Long ifVersion) implements Change {}

        /** A row that goes; nothing is to be done if it is not there. */
        record Delete(
                TableSchema schema, String key, @Nullable Long ifVersion) implements Change {}
    }

    /** What became of a push. */
    public sealed interface Outcome {}

    /**
     * All mutations are counted.
     *
     * @param refused by client, those of which nothing could be done
     */
    public record Counted(Map<String, List<Refusal>> refused) implements Outcome {}

    /** A client that is not known sends mutations that are not its first: what it did before is not here. */
    public record UnknownClient() implements Outcome {}

    /** Takes in a push. */
    public Outcome push(Push push, Account account) {
        ClientGroup group = group(push);
        Map<String, Sender> senders = new LinkedHashMap<>();
        int from = 0;
        while (from < push.mutations().size()) {
            String client = push.mutations().get(from).client();
            int to = from + 1;
            while (to < push.mutations().size()
                    && to - from < BATCH
                    && push.mutations().get(to).client().equals(client)) {
                to++;
            }
            Sender sender = senders.get(client);
            if (sender == null) {
                Client known = group.client(client);
                if (known == null && group.size() + senders.size() >= ClientGroup.MOST_CLIENTS) {
                    throw InvalidInputException.of(
                            ErrorCode.OUT_OF_RANGE,
                            "clientGroupID",
                            "is of a group that has " + ClientGroup.MOST_CLIENTS + " clients, and cannot have more");
                }
                sender = new Sender(push, client, known, account);
                senders.put(client, sender);
            }
            List<Pushed> run = push.mutations().subList(from, to);
            if (sender.isUnknown() && run.getFirst().id() > 1) {
                return new UnknownClient();
            }
            sender.send(run);
            from = to;
        }
        Map<String, List<Refusal>> refused = new LinkedHashMap<>();
        senders.forEach((client, sender) -> {
            List<Refusal> refusals = sender.refusals();
            if (!refusals.isEmpty()) {
                refused.put(client, refusals);
            }
        });
        return new Counted(refused);
    }

    private ClientGroup group(Push push) {
        return engine.snapshot(List.of(), snapshot -> ClientGroup.read(snapshot, push.group(), push.caller()));
    }

    /** One client's mutations of a push. */
    private final class Sender {

        private final Push push;
        private final String client;
        private final Account account;
        private @Nullable Client known;
        private long least = Long.MAX_VALUE;
        private long most;

        Sender(Push push, String client, @Nullable Client known, Account account) {
            this.push = push;
            this.client = client;
            this.known = known;
            this.account = account;
        }

        boolean isUnknown() {
            return known == null;
        }

        private long last() {
            return known == null ? 0 : known.last();
        }

        /** What was refused of the mutations that were sent, now or before. */
        List<Refusal> refusals() {
            return known == null
                    ? List.of()
                    : known.refused().stream()
                            .filter(refusal -> refusal.id() >= least && refusal.id() <= most)
                            .toList();
        }

        /** Counts mutations of the client, in the order in which they came. */
        void send(List<Pushed> mutations) {
            List<Item> items = new ArrayList<>();
            long expected = last() + 1;
            for (Pushed mutation : mutations) {
                least = Math.min(least, mutation.id());
                most = Math.max(most, mutation.id());
                if (mutation.id() > expected) {
                    write(items);
                    throw new ConflictException(
                            ErrorCode.MUTATION_OUT_OF_ORDER,
                            "The next mutation of this client must have the id " + expected + ", got " + mutation.id()
                                    + "; send those before it again, too",
                            "mutations");
                }
                if (mutation.id() == expected) {
                    expected++;
                    try {
                        items.add(item(mutation, account));
                    } catch (AkidbException e) {
                        if (!isFinal(e)) {
                            write(items);
                            throw e;
                        }
                        items.add(Item.refused(mutation, e));
                    }
                }
            }
            write(items);
        }

        /** Writes mutations; by halves, if not all of them can succeed. */
        private void write(List<Item> all) {
            List<Item> items =
                    all.stream().filter(item -> item.pushed.id() > last()).toList();
            if (items.isEmpty()) {
                return;
            }
            if (Patience.isOver().getAsBoolean()) {
                throw new DeadlineExceededException(
                        "Part of the mutations are done; send all again to have the others done");
            }
            AkidbException failure = commit(items);
            if (failure == null) {
                return;
            }
            if (failure.code() == ErrorCode.MUTATION_OUT_OF_ORDER) {
                // The same mutations came at once by two requests.
                long before = last();
                known = group(push).client(client);
                if (last() <= before) {
                    throw failure;
                }
                write(items);
            } else if (!isFinal(failure)) {
                throw failure;
            } else if (items.size() > 1) {
                int half = items.size() / 2;
                write(items.subList(0, half));
                write(items.subList(half, items.size()));
            } else {
                Item item = items.getFirst();
                AkidbException still = commit(List.of(item.failed(cause(item.change(), failure))));
                if (still != null) {
                    throw still;
                }
            }
        }

        /** Writes mutations that follow the last that is counted by one commit; returns what that failed with. */
        private @Nullable AkidbException commit(List<Item> given) {
            List<Item> items = given;
            for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
                List<Item> tried = items;
                AtomicReference<Client> counted = new AtomicReference<>();
                Note note = new Note(ClientGroup.space(push.group()), client, (before, results) -> {
                    Client after = counted(before, tried, results);
                    counted.set(after);
                    return after.bytes();
                });
                try {
                    List<TableMutation> writes = tried.stream()
                            .map(Item::write)
                            .filter(Objects::nonNull)
                            .toList();
                    groups.changing(push.group(), () -> engine.write(writes, note))
                            .join();
                    known = counted.get();
                    return null;
                } catch (CompletionException e) {
                    if (!(Futures.unwrap(e) instanceof AkidbException failure)) {
                        throw e;
                    }
                    if (!(failure instanceof TableChangedException)) {
                        return failure;
                    }
                }
                // Charged already.
                items = tried.stream().map(item -> item.anew(this::item)).toList();
            }
            return new UnavailableException("The tables' columns change faster than they can be written; try again");
        }

        /** What is kept of the client behind mutations; for the thread that writes. */
        private Client counted(byte @Nullable [] before, List<Item> items, List<WriteResult> results) {
            Client now = before == null ? new Client(push.caller(), 0, List.of()) : Client.of(before);
            if (!now.owner().equals(push.caller())) {
                throw ClientGroup.foreign();
            }
            long first = items.getFirst().pushed.id();
            if (now.last() != first - 1) {
                throw new ConflictException(
                        ErrorCode.MUTATION_OUT_OF_ORDER,
                        "The next mutation of this client must have the id " + (now.last() + 1) + ", got " + first,
                        "mutations");
            }
            int written = 0;
            List<Refusal> refused = new ArrayList<>();
            for (Item item : items) {
                if (item.write != null) {
                    item.requireDone(results.get(written++));
                }
                if (item.refusal != null) {
                    refused.add(item.refusal);
                }
            }
            return now.after(items.getLast().pushed.id(), refused);
        }

        private Item item(Pushed mutation, Account charged) {
            Change change = mutation.change().get();
            TableMutation write = switch (change) {
                case Change.Insert insert -> rows.insertion(insert.rows(), charged);
                case Change.Update update ->
                    rows.change(update.schema(), selection(update.key(), update.ifVersion()), update.values(), charged);
                case Change.Delete delete ->
                    rows.deletion(delete.schema(), selection(delete.key(), delete.ifVersion()));
            };
            return new Item(mutation, change, write, null);
        }
    }

    /** Why a mutation failed: a row that is gone has no other version. */
    private AkidbException cause(@Nullable Change change, AkidbException failure) {
        if (failure.code() != ErrorCode.VERSION_CONFLICT) {
            return failure;
        }
        return switch (change) {
            case Change.Update update when isGone(update.schema(), update.key()) -> RowService.noRow(update.key());
            case Change.Delete delete when isGone(delete.schema(), delete.key()) -> RowService.noRow(delete.key());
            case null, default -> failure;
        };
    }

    private boolean isGone(TableSchema schema, String key) {
        return !rows.isThere(schema, key);
    }

    private static RowSelection selection(String key, @Nullable Long ifVersion) {
        return ifVersion == null ? RowSelection.keys(key) : new RowSelection.AsOf(key, ifVersion);
    }

    /**
     * A mutation that is about to be counted.
     *
     * @param change null if it is refused
     * @param write null if nothing is to be done
     */
    private record Item(
            Pushed pushed,
            @Nullable Change change,
            @Nullable TableMutation write,
            @Nullable Refusal refusal) {

        static Item refused(Pushed pushed, AkidbException failure) {
            return new Item(pushed, null, null, Refusal.of(pushed.id(), failure));
        }

        /** The same for the tables as they are now. */
        Item anew(BiFunction<Pushed, Account, Item> making) {
            if (refusal != null) {
                return this;
            }
            try {
                return making.apply(pushed, Account.SERVER);
            } catch (AkidbException e) {
                if (!isFinal(e)) {
                    throw e;
                }
                return refused(pushed, e);
            }
        }

        /** The same after it failed by itself. */
        Item failed(AkidbException failure) {
            // Nothing else is left to be done for a row that is gone; the commit that took it came first.
            return change instanceof Change.Delete && failure.code() == ErrorCode.NOT_FOUND
                    ? new Item(pushed, change, null, null)
                    : refused(pushed, failure);
        }

        void requireDone(WriteResult result) {
            switch (change) {
                case Change.Update update -> {
                    if (result.updated() == 0) {
                        throw missing(update.key(), update.ifVersion());
                    }
                }
                case Change.Delete delete -> {
                    if (result.deleted() == 0 && delete.ifVersion() != null) {
                        throw missing(delete.key(), delete.ifVersion());
                    }
                }
                case Change.Insert _ -> {}
                case null -> {}
            }
        }

        private static AkidbException missing(String key, @Nullable Long ifVersion) {
            return ifVersion == null
                    ? RowService.noRow(key)
                    : new ConflictException(
                            ErrorCode.VERSION_CONFLICT,
                            "Row '" + Words.shown(key) + "' was written since version " + ifVersion,
                            "ifVersion");
        }
    }

    /** Whether a mutation that failed so can never succeed. */
    private static boolean isFinal(AkidbException failure) {
        return switch (failure) {
            case TableChangedException _ -> false;
            case InvalidInputException _, NotFoundException _, ConflictException _, TooLargeException _ -> true;
            case ForbiddenException _ -> true;
            case OverloadedException _, UnavailableException _, DeadlineExceededException _ -> false;
            case UnauthenticatedException _, CorruptDataException _, InternalException _ -> false;
        };
    }
}
