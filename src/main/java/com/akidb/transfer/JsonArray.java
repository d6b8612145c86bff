package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.ObjectNode;

/** A JSON file with one array of objects. It is read twice: a file that is not JSON all through is refused beforehand. */
final class JsonArray implements FileRows {

    private static final ObjectReader ELEMENTS =
            JsonLines.JSON.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final TextInput input;
    private final JsonParser parser;

    JsonArray(Path file, @Nullable Charset encoding) throws IOException {
        requireWhole(file, encoding);
        this.input = new TextInput(file, encoding);
        this.parser = JsonLines.JSON.createParser(input);
        parser.nextToken();
    }

    /** Whether the first thing in a file is an array; else it has an object a line. */
    static boolean isArray(Path file, @Nullable Charset encoding) throws IOException {
        try (TextInput text = new TextInput(file, encoding)) {
            char[] unit = new char[1];
            while (text.read(unit, 0, 1) > 0) {
                if (!Character.isWhitespace(unit[0])) {
                    return unit[0] == '[';
                }
            }
            return false;
        }
    }

    private static void requireWhole(Path file, @Nullable Charset encoding) throws IOException {
        try (TextInput text = new TextInput(file, encoding);
                JsonParser all = JsonLines.JSON.createParser(text)) {
            int depth = 0;
            boolean ended = false;
            for (JsonToken token = all.nextToken(); token != null; token = all.nextToken()) {
                if (ended) {
                    throw unusable(all.currentTokenLocation().getLineNr(), "there is more after the array");
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                ended = depth == 0;
                String value =
                        token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME ? all.getString() : "";
                int undecodable = TextInput.undecodable(value);
                if (undecodable >= 0) {
                    throw unusable(
                            all.currentTokenLocation().getLineNr(),
                            "it " + TextInput.notDecodable(undecodable, text.encoding()));
                }
            }
        } catch (JacksonException broken) {
            throw unusable(
                    broken.getLocation() == null ? 1 : broken.getLocation().getLineNr(),
                    "it is not JSON: " + broken.getOriginalMessage());
        }
    }

    private static InvalidInputException unusable(long line, String why) {
        return new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT,
                "The file cannot be read at line " + line + ", and nothing was imported: " + why,
                "FILE");
    }

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public @Nullable SourceRecord next() {
        JsonToken token = parser.nextToken();
        if (token == null || token == JsonToken.END_ARRAY) {
            return null;
        }
        long line = parser.currentTokenLocation().getLineNr();
        JsonNode node = ELEMENTS.readValue(parser);
        return node instanceof ObjectNode row
                ? SourceRecord.good(line, JsonLines.cells(row), row.toString())
                : SourceRecord.bad(line, "is not a JSON object", node.toString());
    }

    @Override
    public double progress() {
        return input.progress();
    }

    @Override
    public void close() throws IOException {
        parser.close();
        input.close();
    }
}
