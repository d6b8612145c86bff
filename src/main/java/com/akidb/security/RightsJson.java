package com.akidb.security;

import com.akidb.account.Rights;
import com.akidb.account.Rights.InTable;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rights as JSON: an object with a member for each table, <code>{"notes": {"columns": ["title"], "where": filter}}</code>, where both
 * members may be left out. Where keys are kept and in tokens, {@code where} may also be a list of filters that must all hold, which is
 * a filter itself.
 */
public final class RightsJson {

    private static final int MOST_TABLES = 100;
    private static final int MOST_COLUMNS = 1_000;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_CONDITION = 4_096;
    private static final Set<String> MEMBERS = Set.of("columns", "where");

    private RightsJson() {}

    /** Reads what somebody wrote. */
    public static Rights parse(String json, String field) {
        try {
            JsonNode tables = JsonMapper.shared().readTree(json);
            if (!tables.isMissingNode()) {
                return read(tables, field);
            }
        } catch (JacksonException malformed) {
            throw InvalidInputException.of(ErrorCode.MALFORMED_JSON, field, "must be a JSON object");
        }
        throw InvalidInputException.of(ErrorCode.MALFORMED_JSON, field, "must be a JSON object");
    }

    /**
     * Reads rights. What is null is refused, here and within: a limit that somebody forgot to fill in must not be none.
     *
     * @param tables missing for everything
     * @param field to be blamed
     */
    public static Rights read(JsonNode tables, String field) {
        if (tables.isMissingNode()) {
            return Rights.ALL;
        }
        if (!tables.isObject()) {
            throw InvalidInputException.of(
                    ErrorCode.WRONG_TYPE, field, "must be an object with a member for each table");
        }
        if (tables.size() > MOST_TABLES) {
            throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, field, "must be at most " + MOST_TABLES + " tables");
        }
        Map<String, InTable> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> table : tables.properties()) {
            requireName(table.getKey(), field);
            all.put(table.getKey(), inTable(table.getValue(), field + "." + table.getKey()));
        }
        return new Rights(all);
    }

    private static void requireName(String name, String field) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, field, "must hold names of 1 to " + LONGEST_NAME + " characters");
        }
    }

    private static InTable inTable(JsonNode part, String field) {
        if (!part.isObject()) {
            throw InvalidInputException.of(ErrorCode.WRONG_TYPE, field, "must be an object; {} for the whole table");
        }
        for (String name : part.propertyNames()) {
            if (!MEMBERS.contains(name)) {
                throw InvalidInputException.of(
                        ErrorCode.UNKNOWN_FIELD, field, "may have the members columns and where, and no others");
            }
        }
        JsonNode where = part.path("where");
        if (where.isMissingNode()) {
            return new InTable(columns(part.path("columns"), field + ".columns"), List.of());
        }
        String condition = where.toString();
        if (!where.isObject() && !where.isArray()) {
            throw InvalidInputException.of(ErrorCode.WRONG_TYPE, field + ".where", "must be a filter");
        }
        if (condition.length() > LONGEST_CONDITION) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE,
                    field + ".where",
                    "must be at most " + LONGEST_CONDITION + " characters of JSON");
        }
        return new InTable(columns(part.path("columns"), field + ".columns"), List.of(condition));
    }

    private static @Nullable Set<String> columns(JsonNode names, String field) {
        if (names.isMissingNode()) {
            return null;
        }
        if (!names.isArray() || names.size() > MOST_COLUMNS) {
            throw InvalidInputException.of(
                    ErrorCode.WRONG_TYPE, field, "must be an array of at most " + MOST_COLUMNS + " names");
        }
        Set<String> columns = new LinkedHashSet<>();
        for (JsonNode name : names) {
            if (!name.isString()) {
                throw InvalidInputException.of(ErrorCode.WRONG_TYPE, field, "must be an array of names");
            }
            requireName(name.asString(), field);
            columns.add(name.asString());
        }
        return columns;
    }

    /** Limited rights as JSON text. */
    public static String text(Rights rights) {
        ObjectNode tables = JsonMapper.shared().createObjectNode();
        write(rights, tables);
        return tables.toString();
    }

    /** Writes limited rights into an object. */
    public static void write(Rights rights, ObjectNode to) {
        Map<String, InTable> tables = rights.tables() == null ? Map.of() : rights.tables();
        tables.forEach((name, part) -> {
            ObjectNode table = to.putObject(name);
            if (part.columns() != null) {
                ArrayNode columns = table.putArray("columns");
                part.columns().stream().sorted().forEach(columns::add);
            }
            if (part.conditions().size() == 1) {
                table.set(
                        "where", JsonMapper.shared().readTree(part.conditions().getFirst()));
            } else if (!part.conditions().isEmpty()) {
                ArrayNode where = table.putArray("where");
                part.conditions().forEach(each -> where.add(JsonMapper.shared().readTree(each)));
            }
        });
    }
}
