package com.akidb.grpc;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as protobuf's {@code Value} carries it, in which every number is a double. */
final class ProtoJson {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Doubles up to here that are whole stand for one integer only. */
    private static final double EXACT = 0x1p53;

    private ProtoJson() {}

    /** The JSON text of a value. Whole numbers have no fraction, so that REST shows them as it takes them. */
    static String text(Value value, String field) {
        return JSON.writeValueAsString(node(value, field));
    }

    /** The tree of a value; refuses what JSON cannot say. */
    static JsonNode node(Value value, String field) {
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
