package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The columns that a file's rows would fit, by all of its values: the narrowest type that takes each of them as it is. What
 * is written as a number but is a name, such as {@code 007} or a number of 30 digits, stays a text.
 */
final class InferredSchema {

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,17})");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})?");

    /** Arrays of numbers that are all as long, from this length on, are taken for vectors. */
    private static final int SHORTEST_VECTOR = 8;

    private static final int LONGEST_VECTOR = 4_096;

    private final Map<String, Evidence> columns = new LinkedHashMap<>();
    private final boolean localTimes;
    private long rows;

    /** @param localTimes whether times without a zone count as times, since their zone is known */
    private InferredSchema(boolean localTimes) {
        this.localTimes = localTimes;
    }

    /**
     * Reads all rows of a file.
     *
     * @param rename what a column of the file is to be called in the table; null leaves it out
     */
    static InferredSchema infer(FileRows source, Function<String, @Nullable String> rename, boolean localTimes)
            throws IOException {
        InferredSchema schema = new InferredSchema(localTimes);
        for (String column : source.columns()) {
            schema.see(rename.apply(column), null);
        }
        for (SourceRecord record = source.next(); record != null; record = source.next()) {
            if (record.cells() != null) {
                schema.rows++;
                record.cells().forEach((column, value) -> schema.see(rename.apply(column), value));
            }
        }
        return schema;
    }

    private void see(@Nullable String column, @Nullable Object value) {
        if (column != null) {
            Evidence evidence = columns.computeIfAbsent(column, _ -> new Evidence());
            if (value != null && !(value instanceof JsonNode node && node.isNull())) {
                evidence.add(value);
            }
        }
    }

    /**
     * The request that creates the table.
     *
     * @param primaryKey one of the columns, of texts or integers; null has the server number the rows
     */
    ObjectNode request(String table, @Nullable String primaryKey) {
        if (columns.isEmpty()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "The file has no rows to derive a table's columns from", "FILE");
        }
        if (primaryKey != null && !columns.containsKey(primaryKey)) {
            throw new InvalidInputException(
                    ErrorCode.UNKNOWN_COLUMN,
                    "The file has no column '" + primaryKey + "' to be the primary key",
                    "--primary-key");
        }
        ObjectNode request = JsonMapper.shared().createObjectNode().put("name", table);
        ArrayNode list = request.putArray("columns");
        columns.forEach((name, evidence) -> {
            ObjectNode column = list.addObject().put("name", name).put("type", evidence.type());
            if (evidence.type().equals("embedding")) {
                column.put("dimensions", evidence.length);
            }
        });
        if (primaryKey != null) {
            request.put("primary_key", primaryKey);
        }
        return request;
    }

    /** The columns as a table to be read. */
    String shown(String table, @Nullable String primaryKey) {
        StringBuilder text = new StringBuilder("Table '" + table + "', from " + rows + " rows:\n");
        int widest = columns.keySet().stream().mapToInt(String::length).max().orElse(0);
        columns.forEach((name, evidence) -> {
            text.append("  ").append(name).append(" ".repeat(widest - name.length() + 2));
            text.append(evidence.type());
            if (evidence.type().equals("embedding")) {
                text.append(" of ").append(evidence.length);
            }
            text.append(name.equals(primaryKey) ? ", primary key" : "");
            text.append(evidence.seen == 0 ? ", no values" : evidence.seen < rows ? ", some rows have none" : "");
            text.append('\n');
        });
        return text.toString();
    }

    /** Which types take all of a column's values seen so far. */
    private final class Evidence {

        private boolean integer = true;
        private boolean number = true;
        private boolean bool = true;
        private boolean time = true;
        private boolean json = true;
        private boolean vector = true;
        private int length = -1;
        private long seen;
        /** Values that are no JSON texts, though they came as JSON. */
        private long otherNodes;

        void add(Object value) {
            seen++;
            switch (value) {
                case String text -> text(text);
                case JsonNode node -> node(node);
                case Boolean _ -> only("bool");
                case BigInteger big -> only(big.bitLength() < Long.SIZE ? "int" : "string");
                case BigDecimal _, Double _, Float _ -> only("float");
                case Number _ -> only("int");
                case Temporal _ -> only("timestamp");
                case List<?> list -> node(ColumnTypes.json(list));
                case Map<?, ?> _ -> only("json");
                default -> only("string");
            }
        }

        private void only(String type) {
            integer &= type.equals("int");
            number &= type.equals("int") || type.equals("float");
            bool &= type.equals("bool");
            time &= type.equals("timestamp");
            json &= type.equals("json") || type.equals("vector");
            vector &= type.equals("vector");
        }

        private void text(String text) {
            integer &= INTEGER.matcher(text).matches();
            number &= NUMBER.matcher(text).matches();
            bool &= text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            var form = TIME.matcher(text);
            time &= form.matches() && (form.group(2) != null || localTimes);
            if (json) {
                JsonNode node = structure(text);
                json = node != null;
                vector &= node != null && isVector(node);
            }
        }

        private static @Nullable JsonNode structure(String text) {
            if (!text.startsWith("{") && !text.startsWith("[")) {
                return null;
            }
            try {
                return JsonLines.JSON.readTree(text);
            } catch (JacksonException plain) {
                return null;
            }
        }

        private void node(JsonNode node) {
            otherNodes += node.isString() ? 0 : 1;
            if (node.isString()) {
                boolean isTime = TIME.matcher(node.asString("")).matches() && time;
                text(node.asString(""));
                // In JSON, a number or an object in quotes is a text.
                boolean stays = isTime && time;
                only("none");
                time = stays;
            } else if (node.isBoolean()) {
                only("bool");
            } else if (node.isIntegralNumber()) {
                only(node.bigIntegerValue().bitLength() < Long.SIZE ? "int" : "json");
            } else if (node.isNumber()) {
                only("float");
            } else {
                only(isVector(node) ? "vector" : "json");
            }
        }

        private boolean isVector(JsonNode node) {
            if (!node.isArray() || node.size() < SHORTEST_VECTOR || node.size() > LONGEST_VECTOR) {
                return false;
            }
            if (length >= 0 && node.size() != length) {
                return false;
            }
            length = node.size();
            for (JsonNode each : node) {
                if (!each.isNumber()) {
                    return false;
                }
            }
            return true;
        }

        String type() {
            if (seen == 0) {
                return "string";
            }
            return integer
                    ? "int"
                    : number
                            ? "float"
                            : bool
                                    ? "bool"
                                    : time
                                            ? "timestamp"
                                            : vector ? "embedding" : json || otherNodes > 0 ? "json" : "string";
        }
    }
}
