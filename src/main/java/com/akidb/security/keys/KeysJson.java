package com.akidb.security.keys;

import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.security.ApiKey;
import com.akidb.security.RequestRate;
import com.akidb.security.RightsJson;
import com.akidb.security.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keys as JSON: <code>{"version": 1, "keys": [{"id", "name", "scopes", "hash", "created_at", ...}]}</code>. */
final class KeysJson {

    private static final int VERSION = 1;

    private KeysJson() {}

    static List<ApiKey> read(String text) {
        try {
            JsonNode root = JsonMapper.shared().readTree(text);
            if (root.path("version").asInt(0) != VERSION || !root.path("keys").isArray()) {
                throw new CorruptDataException("it must have version " + VERSION + " and a list of keys");
            }
            List<ApiKey> keys = new ArrayList<>();
            Set<String> ids = new HashSet<>();
            for (JsonNode node : root.path("keys")) {
                ApiKey key = key(node);
                if (!ids.add(key.id())) {
                    throw new CorruptDataException("two keys have the id " + key.id());
                }
                keys.add(key);
            }
            return keys;
        } catch (CorruptDataException known) {
            throw known;
        } catch (JacksonException | AkidbException | DateTimeException | IllegalArgumentException invalid) {
            throw new CorruptDataException(
                    String.valueOf(invalid.getMessage()).lines().findFirst().orElse(""), invalid);
        }
    }

    private static ApiKey key(JsonNode node) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (JsonNode scope : node.path("scopes")) {
            scopes.add(Scope.valueOf(scope.asString("").toUpperCase(Locale.ROOT)));
        }
        JsonNode rate = node.path("rate");
        return new ApiKey(
                node.path("id").asString(""),
                node.path("name").asString(""),
                scopes,
                node.path("hash").asString(""),
                Instant.parse(node.path("created_at").asString("")),
                instant(node.path("expires_at")),
                rate.isObject()
                        ? new RequestRate(
                                rate.path("per_second").asDouble(0),
                                rate.path("burst").asInt(0))
                        : null,
                RightsJson.read(node.path("tables"), "tables"));
    }

    private static @Nullable Instant instant(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? null : Instant.parse(node.asString(""));
    }

    static String write(Collection<ApiKey> keys) {
        ObjectNode root = JsonMapper.shared().createObjectNode().put("version", VERSION);
        ArrayNode list = root.putArray("keys");
        for (ApiKey key : keys) {
            ObjectNode node = list.addObject().put("id", key.id()).put("name", key.name());
            ArrayNode scopes = node.putArray("scopes");
            key.scopes().stream().sorted().forEach(scope -> scopes.add(scope.wireName()));
            node.put("hash", key.hash()).put("created_at", key.createdAt().toString());
            Instant expires = key.expiresAt();
            if (expires != null) {
                node.put("expires_at", expires.toString());
            }
            if (key.rights().areLimited()) {
                RightsJson.write(key.rights(), node.putObject("tables"));
            }
            RequestRate rate = key.rate();
            if (rate != null) {
                node.putObject("rate").put("per_second", rate.perSecond()).put("burst", rate.burst());
            }
        }
        return root.toPrettyString() + "\n";
    }
}
