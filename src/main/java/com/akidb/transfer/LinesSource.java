package com.akidb.transfer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** NDJSON: an object a line; empty lines do not count. */
final class LinesSource implements RecordSource {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final CountedInput input;
    private final BufferedReader reader;
    private long line;

    LinesSource(Path file) throws IOException {
        this.input = new CountedInput(file);
        this.reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            line++;
            if (!text.isBlank()) {
                return read(text);
            }
        }
        return null;
    }

    private SourceRecord read(String text) {
        try {
            return JSON.readTree(text) instanceof ObjectNode row
                    ? SourceRecord.good(line, row, text)
                    : SourceRecord.bad(line, "is no JSON object", text);
        } catch (JacksonException invalid) {
            return SourceRecord.bad(line, "is no JSON: " + invalid.getOriginalMessage(), text);
        }
    }

    @Override
    public double progress() {
        return input.progress();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
