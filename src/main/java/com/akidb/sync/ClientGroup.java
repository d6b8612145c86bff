package com.akidb.sync;

import com.akidb.engine.Note;
import com.akidb.engine.Snapshot;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ForbiddenException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The clients that share a replica, such as the tabs of a browser, and how far the server has come with the mutations of each.
 * A group belongs to the caller who first pushed mutations of it.
 */
final class ClientGroup {

    /** Most clients of a group. */
    static final int MOST_CLIENTS = 1_000;

    private static final int MOST_REFUSALS = 50;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Map<String, Client> clients = new TreeMap<>();
    private final Map<String, Long> versions = new TreeMap<>();

    /**
     * What is kept of a client.
     *
     * @param owner the caller to whom its group belongs
     * @param last id of the last mutation that was counted, 0 if none was
     * @param refused the last mutations that were counted though nothing of them could be done
     */
    record Client(String owner, long last, List<Refusal> refused) {

        Client {
            refused = List.copyOf(refused);
        }

        /** The client behind further mutations. */
        Client after(long id, List<Refusal> more) {
            List<Refusal> all = new ArrayList<>(refused);
            all.addAll(more);
            return new Client(owner, id, all.subList(Math.max(0, all.size() - MOST_REFUSALS), all.size()));
        }

        byte[] bytes() {
            return MAPPER.writeValueAsBytes(this);
        }

        static Client of(byte[] bytes) {
            try {
                return MAPPER.readValue(bytes, Client.class);
            } catch (JacksonException e) {
                throw new CorruptDataException("What is kept of a client that synchronises cannot be read", e);
            }
        }
    }

    private ClientGroup() {}

    /** The space in which notes of a group's clients are. */
    static String space(String group) {
        return "sync/" + group;
    }

    /**
     * Reads a group.
     *
     * @param caller who asks
     * @throws ForbiddenException if the group is another caller's
     */
    static ClientGroup read(Snapshot snapshot, String group, String caller) {
        ClientGroup found = new ClientGroup();
        for (Note.Stored note : snapshot.notes(space(group))) {
            Client client = Client.of(note.value());
            if (!client.owner().equals(caller)) {
                throw foreign();
            }
            found.clients.put(note.key(), client);
            found.versions.put(note.key(), note.version());
        }
        return found;
    }

    static ForbiddenException foreign() {
        return new ForbiddenException(
                "The client group belongs to another caller; make one of your own", "clientGroupID");
    }

    @Nullable
    Client client(String id) {
        return clients.get(id);
    }

    int size() {
        return clients.size();
    }

    /** The commit that last counted a mutation of one of its clients; 0 if none did. */
    long newest() {
        return versions.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** Clients and refusals that are kept of it. */
    int weight() {
        return 1
                + clients.values().stream()
                        .mapToInt(client -> 1 + client.refused().size())
                        .sum();
    }

    /** Ids of the last mutations that were counted, by client. */
    Map<String, Long> lastMutations() {
        return lastMutationsSince(-1);
    }

    /** As {@link #lastMutations}, of the clients for which it changed after a commit. */
    Map<String, Long> lastMutationsSince(long version) {
        Map<String, Long> last = new TreeMap<>();
        clients.forEach((id, client) -> {
            if (versions.getOrDefault(id, 0L) > version) {
                last.put(id, client.last());
            }
        });
        return last;
    }

    /** The refusals that are kept of some clients, without those that have none. */
    Map<String, List<Refusal>> refusals(Iterable<String> of) {
        Map<String, List<Refusal>> refusals = new TreeMap<>();
        for (String id : of) {
            Client client = clients.get(id);
            if (client != null && !client.refused().isEmpty()) {
                refusals.put(id, client.refused());
            }
        }
        return refusals;
    }
}
