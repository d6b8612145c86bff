package com.akidb.grpc;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Names;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as messages carry it: as protobuf's {@code Value}, in which every number is a double, and as text, in which it is what
 * it is. A request may give one of them, or both where they say the same.
 */
final class ProtoJson {

    /** As REST has it. */
    private static final int MAX_DEPTH = 64;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Doubles up to here that are whole stand for one integer only. */
    private static final double EXACT = 0x1p53;

    private ProtoJson() {}

    /**
     * What a request says as a value, as text or as both.
     *
     * @param value null if it is absent
     * @param text null if it is absent
     * @param field name of the value; the text's ends in {@code _json}
     * @return null if both are absent
     */
    static @Nullable JsonNode node(@Nullable Value value, @Nullable String text, String field) {
        if (text == null) {
            return value == null ? null : node(value, field);
        }
        JsonNode node = parse(text, field + "_json");
        if (value != null && !value(node).equals(value)) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + " and " + field + "_json name the same thing and must be equal",
                    field + "_json");
        }
        return node;
    }

    /** The JSON text of what a request says. Whole numbers have no fraction, so that REST shows them as it takes them. */
    static String text(JsonNode node) {
        return JSON.writeValueAsString(node);
    }

    /** A string as JSON text. */
    static String text(String string) {
        return JSON.writeValueAsString(string);
    }

    private static JsonNode parse(String text, String field) {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JacksonException malformed) {
            throw new InvalidInputException(
                    ErrorCode.MALFORMED_JSON,
                    field + " must be JSON of at most " + MAX_DEPTH + " levels, with each name once in an object"
                            + place(malformed),
                    field);
        }
        if (node.isMissingNode()) {
            throw new InvalidInputException(ErrorCode.MALFORMED_JSON, field + " is empty; it must be JSON", field);
        }
        Names.requireWellFormed(text(node), field);
        return node;
    }

    private static String place(JacksonException malformed) {
        TokenStreamLocation place = malformed.getLocation();
        return place == null || place.getCharOffset() < 0 ? "" : "; it is not at character " + place.getCharOffset();
    }

    /** The tree of a value; refuses what JSON cannot say. */
    private static JsonNode node(Value value, String field) {
        return switch (value.getKindCase()) {
            case NULL_VALUE -> NODES.nullNode();
            case BOOL_VALUE -> NODES.booleanNode(value.getBoolValue());
            case STRING_VALUE -> NODES.stringNode(value.getStringValue());
            case NUMBER_VALUE -> number(value.getNumberValue(), field);
            case LIST_VALUE -> {
                ArrayNode list = NODES.arrayNode();
                for (Value item : value.getListValue().getValuesList()) {
                    list.add(node(item, field + "[" + list.size() + "]"));
                }
                yield list;
            }
            case STRUCT_VALUE -> {
                ObjectNode object = NODES.objectNode();
                for (Map.Entry<String, Value> entry :
                        value.getStructValue().getFieldsMap().entrySet()) {
                    object.set(entry.getKey(), node(entry.getValue(), field + "." + entry.getKey()));
                }
                yield object;
            }
            case KIND_NOT_SET ->
                throw new InvalidInputException(
                        ErrorCode.WRONG_TYPE, field + " is a google.protobuf.Value without a kind", field);
        };
    }

    private static JsonNode number(double number, String field) {
        if (!Double.isFinite(number)) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, field + " must be a finite number", field);
        }
        boolean whole = number == Math.rint(number) && Math.abs(number) <= EXACT;
        return whole ? NODES.numberNode((long) number) : NODES.numberNode(number);
    }

    /** The value of a JSON text that the server keeps. */
    static Value value(String json) {
        return value(JSON.readTree(json));
    }

    private static Value value(JsonNode node) {
        Value.Builder value = Value.newBuilder();
        if (node.isObject()) {
            Struct.Builder object = Struct.newBuilder();
            node.properties().forEach(entry -> object.putFields(entry.getKey(), value(entry.getValue())));
            return value.setStructValue(object).build();
        }
        if (node.isArray()) {
            ListValue.Builder list = ListValue.newBuilder();
            node.forEach(item -> list.addValues(value(item)));
            return value.setListValue(list).build();
        }
        if (node.isString()) {
            return value.setStringValue(node.stringValue()).build();
        }
        if (node.isBoolean()) {
            return value.setBoolValue(node.booleanValue()).build();
        }
        if (node.isNumber()) {
            return value.setNumberValue(
                            node.isBigInteger() ? node.bigIntegerValue().doubleValue() : node.doubleValue())
                    .build();
        }
        return value.setNullValue(NullValue.NULL_VALUE).build();
    }
}
