package com.akidb.examples;

import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a command printed what its guide says. JSON is compared value by value, with what changes from run to run left
 * out: times, ids that the server makes, versions, cursors, durations; numbers with fractions may differ by a hundredth. A
 * list that ends with {@code "..."} may go on. Other output has to be the same but for times, API keys and their ids.
 */
final class Likeness {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> CHANGING = Set.of(
            "id",
            "created_at",
            "changed_at",
            "version",
            "next_cursor",
            "duration_ms",
            "search_time_ms",
            "time",
            "request_id",
            "key_id");

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern KEY = Pattern.compile("akidb_([a-z0-9]{8}_[\\w-]{43}|…)");
    private static final Pattern KEY_ID = Pattern.compile("^[a-z0-9]{8}(?= {2})|(?<=\\()[a-z0-9]{8}(?=\\)\\.$)");

    private Likeness() {}

    /** What differs first; empty if nothing does. */
    static String difference(String expected, String printed) {
        if (expected.isEmpty()) {
            return "";
        }
        String[] wanted = expected.split("\n");
        String[] given = printed.split("\n");
        if (wanted.length != given.length) {
            return "expected " + wanted.length + " lines, got " + given.length + ":\n" + printed;
        }
        for (int i = 0; i < wanted.length; i++) {
            String difference = isJson(wanted[i]) && isJson(given[i])
                    ? difference("", JSON.readTree(wanted[i]), JSON.readTree(given[i]))
                    : lasting(wanted[i]).equals(lasting(given[i]))
                            ? ""
                            : "expected " + wanted[i] + "\nbut got  " + given[i];
            if (!difference.isEmpty()) {
                return "line " + (i + 1) + ": " + difference + "\nin " + given[i];
            }
        }
        return "";
    }

    private static String lasting(String line) {
        String timeless = TIME.matcher(line.stripTrailing()).replaceAll("TIME");
        return KEY_ID.matcher(KEY.matcher(timeless).replaceAll("KEY")).replaceAll("ID");
    }

    private static boolean isJson(String line) {
        return line.startsWith("{") || line.startsWith("[");
    }

    private static String difference(String path, JsonNode wanted, JsonNode given) {
        if (wanted.isObject() && given.isObject()) {
            if (!wanted.propertyNames().equals(given.propertyNames())) {
                return path + " has " + given.propertyNames() + ", not " + wanted.propertyNames();
            }
            for (String name : wanted.propertyNames()) {
                JsonNode value = given.get(name);
                String difference = CHANGING.contains(name) && wanted.get(name).getNodeType() == value.getNodeType()
                        ? ""
                        : difference(path + "." + name, wanted.get(name), value);
                if (!difference.isEmpty()) {
                    return difference;
                }
            }
            return "";
        }
        if (wanted.isArray() && given.isArray()) {
            return items(path, wanted, given);
        }
        boolean near = wanted.isNumber()
                && given.isNumber()
                && !wanted.isIntegralNumber()
                && Math.abs(wanted.asDouble() - given.asDouble()) < 0.01;
        return near || wanted.equals(given) ? "" : path + " is " + given + ", not " + wanted;
    }

    private static String items(String path, JsonNode wanted, JsonNode given) {
        boolean open =
                !wanted.isEmpty() && wanted.get(wanted.size() - 1).asString("").equals("...");
        int known = open ? wanted.size() - 1 : wanted.size();
        if (open ? given.size() < known : given.size() != known) {
            return path + " has " + given.size() + " items, not " + known;
        }
        for (int i = 0; i < known; i++) {
            String difference = difference(path + "[" + i + "]", wanted.get(i), given.get(i));
            if (!difference.isEmpty()) {
                return difference;
            }
        }
        return "";
    }
}
