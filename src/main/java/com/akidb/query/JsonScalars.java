package com.akidb.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Picks one value out of a JSON text. */
public final class JsonScalars {

    private final JsonFactory factory = new JsonFactory();

    /**
     * The value at the end of a path of object keys: a String, Long, Double or Boolean, {@link #COMPOSITE}, or
     * {@link #NOTHING} if there is none or it is null. Of a key that stands twice in an object the last one counts.
     * Integers beyond 64 bits come as the nearest double. Paths do not lead into arrays.
     */
    public Object find(String json, List<String> path) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            return find(parser, path, 0, null);
        }
    }

    /** As {@link #find}, but an array or object comes as a {@link Json}. */
    public Object findShown(String json, List<String> path) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            return find(parser, path, 0, json);
        }
    }

    /**
     * The elements of a JSON array: Strings, Longs, Doubles, Booleans, and {@link #COMPOSITE} or {@link #NOTHING} for others.
     *
     * @return null if it is no array
     */
    public @Nullable List<Object> elements(String json) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return null;
            }
            List<Object> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser, null));
            }
            return elements;
        }
    }

    public static final Object NOTHING = new Object();
    public static final Object COMPOSITE = new Object();

    /** Leaves the parser at the last token of the value that it stood at. */
    private static Object find(JsonParser parser, List<String> path, int depth, @Nullable String shownFrom) {
        if (depth == path.size()) {
            return value(parser, shownFrom);
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return NOTHING;
        }
        Object found = NOTHING;
        String key = path.get(depth);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean wanted = key.equals(parser.currentName());
            parser.nextToken();
            if (wanted) {
                found = find(parser, path, depth + 1, shownFrom);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private static Object value(JsonParser parser, @Nullable String shownFrom) {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NUMBER_INT -> integer(parser);
            case START_OBJECT, START_ARRAY -> {
                long start = parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                long end = parser.currentTokenLocation().getCharOffset() + 1;
                yield shownFrom == null ? COMPOSITE : new Json(shownFrom.substring((int) start, (int) end));
            }
            case null, default -> NOTHING;
        };
    }

    private static Object integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> parser.getDoubleValue();
        };
    }
}
