package com.akidb.sync;

import com.akidb.engine.Changes;
import com.akidb.engine.TableEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far a client's replica has come. The client keeps it and brings it with its next pull; a wrong one harms nobody but its
 * client, for rights are looked at whenever a row is read.
 *
 * @param order never falls from one cookie of a client to the next, whatever becomes of the server's data
 * @param history of the commits that it speaks of, see {@link TableEngine#history}
 * @param version the commit of the last pull
 * @param told the commit up to which the client knows the last mutation ids
 * @param tables the place in each table that is subscribed to, by name
 */
record Cookie(long order, String history, long version, long told, Map<String, Position> tables) {

    /** The largest integer that JavaScript holds exactly. */
    private static final long MOST_ORDER = (1L << 53) - 1;

    private static final Pattern POSITION = Pattern.compile(
            "([\\w-]{1,64})\\.([0-9a-f]{1,15})\\.([0-9a-f]{0,15})\\.([0-9a-f]{1,15})(?:\\.([0-9a-f]{1,15}))?");

    /**
     * How far a client has come with one table.
     *
     * @param fingerprint of the subscription that it is about
     * @param place behind which the client has not been told what happened
     * @param loaded the row up to which rows are loaded; null when all are
     */
    record Position(
            String fingerprint,
            Changes.Place place,
            @Nullable Long loaded) {

        @Override
        public String toString() {
            String row = place.rowId() == Long.MAX_VALUE ? "" : Long.toHexString(place.rowId());
            String end = loaded == null ? "" : "." + Long.toHexString(loaded);
            return fingerprint + "." + Long.toHexString(place.version()) + "." + row + "."
                    + Long.toHexString(place.newest()) + end;
        }

        static @Nullable Position parse(String text) {
            Matcher matcher = POSITION.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            String row = matcher.group(3);
            Changes.Place place = new Changes.Place(
                    number(matcher.group(2)), row.isEmpty() ? Long.MAX_VALUE : number(row), number(matcher.group(4)));
            String loaded = matcher.group(5);
            return new Position(matcher.group(1), place, loaded == null ? null : Long.valueOf(number(loaded)));
        }

        private static long number(String hex) {
            return Long.parseLong(hex, 16);
        }
    }

    /** Of what a client that has none, or one that cannot be used, is to be told nothing but all. */
    static Cookie none(long order) {
        return new Cookie(order, "", -1, -1, Map.of());
    }

    /** Whether the client has a replica that can be brought up to date. */
    boolean isUsable() {
        return version >= 0;
    }

    /** Whether the client has all rows that there were at some commit, and lacks no more than what happened since. */
    boolean isLoaded() {
        return isUsable() && tables.values().stream().allMatch(position -> position.loaded() == null);
    }

    /** Reads a cookie, whatever it is: JSON, or null for none. */
    static Cookie parse(@Nullable String text) {
        if (text == null) {
            return none(0);
        }
        JsonNode json = JsonMapper.shared().readTree(text);
        JsonNode number = json.isObject() ? json.path("order") : json;
        long order =
                number.isIntegralNumber() && number.canConvertToLong() ? Math.clamp(number.asLong(), 0, MOST_ORDER) : 0;
        JsonNode version = json.path("version");
        JsonNode told = json.path("told");
        JsonNode history = json.path("history");
        if (!isCount(version)
                || !isCount(told)
                || !history.isString()
                || !json.path("tables").isObject()) {
            return none(order);
        }
        Map<String, Position> tables = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : json.path("tables").properties()) {
            Position position =
                    each.getValue().isString() ? Position.parse(each.getValue().asString()) : null;
            if (position == null) {
                return none(order);
            }
            tables.put(each.getKey(), position);
        }
        return new Cookie(order, history.asString(), version.asLong(), told.asLong(), tables);
    }

    private static boolean isCount(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong() && number.asLong() >= 0;
    }

    /** The cookie as clients keep it. */
    String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("order", order);
        json.put("version", version);
        json.put("told", told);
        json.put("history", history);
        ObjectNode places = json.putObject("tables");
        tables.forEach((name, position) -> places.put(name, position.toString()));
        return json.toString();
    }
}
