package com.akidb.http.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A client as simple as it can be: a replica in a map, an outbox in a list. */
public final class SyncClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public final String group = "g-" + UUID.randomUUID();
    public final String client = "c-" + UUID.randomUUID();

    /** What the server has told of the tables, by key. */
    public final Map<String, JsonNode> replica = new TreeMap<>();

    /** Mutations that the server has not counted as far as the client knows. */
    public final List<ObjectNode> outbox = new ArrayList<>();

    /** What was refused, by id of the mutation. */
    public final Map<Long, String> refused = new TreeMap<>();

    private final String subscriptions;
    private JsonNode cookie = JSON.nullNode();
    private long order = -1;
    private long acknowledged;
    private long next = 1;
    private int limit = 10_000;
    private boolean partialClear = true;

    public SyncClient(String subscriptions) {
        this.subscriptions = subscriptions;
    }

    /** Pulls in pages of so many rows. */
    public SyncClient limit(int rows) {
        limit = rows;
        return this;
    }

    /** As npm's client, which only knows how to clear all. */
    public SyncClient clearingAll() {
        partialClear = false;
        return this;
    }

    /** Puts a mutation into the outbox; its id. */
    public long mutate(String name, String args) {
        ObjectNode mutation = JSON.createObjectNode();
        mutation.put("clientID", client);
        mutation.put("id", next);
        mutation.put("name", name);
        mutation.set("args", JSON.readTree(args));
        mutation.put("timestamp", 1.5);
        outbox.add(mutation);
        return next++;
    }

    public String push() {
        return push(outbox);
    }

    public String push(List<ObjectNode> mutations) {
        ObjectNode body = JSON.createObjectNode();
        body.put("pushVersion", 1);
        body.put("clientGroupID", group);
        body.put("profileID", "p");
        body.put("schemaVersion", "");
        ArrayNode all = body.putArray("mutations");
        mutations.forEach(all::add);
        return body.toString();
    }

    public String pull() {
        ObjectNode body = JSON.createObjectNode();
        body.put("pullVersion", 1);
        body.put("clientGroupID", group);
        body.put("profileID", "p");
        body.put("schemaVersion", "");
        body.set("cookie", cookie);
        body.set("subscriptions", JSON.readTree(subscriptions));
        body.put("limit", limit);
        body.put("partialClear", partialClear);
        return body.toString();
    }

    /** Takes in the answer to the pull with some cookie; false if it is an old one. */
    public boolean take(JsonNode answer, JsonNode base) {
        if (!base.equals(cookie)) {
            return false;
        }
        JsonNode newer = answer.path("cookie");
        if (newer.path("order").asLong() < order) {
            throw new AssertionError("the order fell from " + cookie + " to " + newer);
        }
        if (newer.equals(cookie) && !answer.path("lastMutationIDChanges").isEmpty()) {
            throw new AssertionError("ids changed and the cookie did not: " + answer);
        }
        for (JsonNode operation : answer.path("patch")) {
            String key = operation.path("key").asString("");
            switch (operation.path("op").asString()) {
                case "put" -> replica.put(key, operation.path("value"));
                case "del" -> replica.remove(key);
                case "clear" ->
                    replica.keySet()
                            .removeIf(each ->
                                    each.startsWith(operation.path("prefix").asString("")));
                default -> throw new AssertionError(operation.toString());
            }
        }
        JsonNode counted = answer.path("lastMutationIDChanges").path(client);
        if (counted.isNumber()) {
            if (counted.asLong() < acknowledged) {
                throw new AssertionError("the last id fell from " + acknowledged + " to " + counted);
            }
            acknowledged = counted.asLong();
            outbox.removeIf(mutation -> mutation.path("id").asLong() <= acknowledged);
        }
        for (JsonNode refusal : answer.path("refused").path(client)) {
            refused.put(refusal.path("id").asLong(), refusal.path("code").asString());
        }
        cookie = newer;
        order = newer.path("order").asLong();
        return true;
    }

    public JsonNode cookie() {
        return cookie;
    }

    public void cookie(JsonNode other) {
        cookie = other;
    }

    public long acknowledged() {
        return acknowledged;
    }

    /** A row of the replica; missing if there is none. */
    public JsonNode row(String key) {
        return replica.getOrDefault(key, JSON.missingNode());
    }
}
