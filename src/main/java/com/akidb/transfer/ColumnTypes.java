package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The columns of a table, to make values of the texts in a CSV file. */
final class ColumnTypes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, String> byName;

    private ColumnTypes(Map<String, String> byName) {
        this.byName = byName;
    }

    /** @param table as {@code GET /api/v1/tables/{table}} describes it */
    static ColumnTypes of(JsonNode table) {
        Map<String, String> types = new LinkedHashMap<>();
        for (JsonNode column : table.path("columns")) {
            types.put(column.path("name").asString(""), column.path("type").asString(""));
        }
        return new ColumnTypes(types);
    }

    Set<String> names() {
        return byName.keySet();
    }

    void require(String column) {
        if (!byName.containsKey(column)) {
            throw new InvalidInputException(
                    ErrorCode.UNKNOWN_COLUMN,
                    "The file has a column '" + column + "', which the table has not"
                            + Suggestion.hint(column, byName.keySet()),
                    column);
        }
    }

    /**
     * The value that a text stands for.
     *
     * @throws IllegalArgumentException if it is none of the column's type; its message says so
     */
    JsonNode value(String column, String text) {
        String type = byName.getOrDefault(column, "string");
        try {
            return switch (type) {
                case "int" -> NODES.numberNode(new BigInteger(text.strip()));
                case "float" -> NODES.numberNode(new BigDecimal(text.strip()));
                case "bool" -> bool(text.strip().toLowerCase(Locale.ROOT));
                case "json", "embedding" -> JsonMapper.shared().readTree(text);
                default -> NODES.stringNode(text);
            };
        } catch (NumberFormatException | JacksonException wrong) {
            throw new IllegalArgumentException(column + " must be of the type " + type, wrong);
        }
    }

    private static JsonNode bool(String text) {
        return switch (text) {
            case "true", "t", "1", "yes" -> NODES.booleanNode(true);
            case "false", "f", "0", "no" -> NODES.booleanNode(false);
            default -> throw new NumberFormatException(text);
        };
    }
}
