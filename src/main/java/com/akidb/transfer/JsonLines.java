package com.akidb.transfer;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** NDJSON: an object a line; empty lines do not count. */
final class JsonLines implements FileRows {

    /** Keeps every digit, and refuses a name that comes twice in one object. */
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final TextInput input;
    private long line;

    JsonLines(Path file, @Nullable Charset encoding) throws IOException {
        this.input = new TextInput(file, encoding);
    }

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public Charset encoding() {
        return input.encoding();
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        for (String text = input.line(); text != null; text = input.line()) {
            line++;
            if (!text.isBlank()) {
                return read(text);
            }
        }
        return null;
    }

    private SourceRecord read(String text) {
        int undecodable = TextInput.undecodable(text);
        if (undecodable >= 0) {
            return SourceRecord.bad(line, TextInput.notDecodable(undecodable, input.encoding()), text);
        }
        try {
            return JSON.readTree(text) instanceof ObjectNode row
                    ? SourceRecord.good(line, cells(row), text)
                    : SourceRecord.bad(line, "is not a JSON object", text);
        } catch (JacksonException invalid) {
            return SourceRecord.bad(line, "is not JSON: " + invalid.getOriginalMessage(), text);
        }
    }

    static Map<String, Object> cells(ObjectNode row) {
        Map<String, Object> cells = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : row.properties()) {
            cells.put(member.getKey(), member.getValue());
        }
        return cells;
    }

    @Override
    public double progress() {
        return input.progress();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
