package com.akidb.http.embed;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /embed}. Optional members may be null, which is the same as absent. */
final class EmbedBody {

    private static final int MOST_TEXTS = 32;
    private static final Fields FIELDS = Fields.of(
            "texts", "model", "pooling", "normalize", "dimensions", "input_type", "encoding_format", "truncate");

    private @Nullable List<String> texts;
    private @Nullable String model;
    private @Nullable Pooling pooling;
    private @Nullable Boolean normalize;
    private @Nullable Integer dimensions;
    private InputType inputType = InputType.NONE;
    private boolean base64;
    private boolean truncate = true;

    static EmbedBody read(JsonReader json) {
        EmbedBody body = new EmbedBody();
        json.object(FIELDS, body::member);
        json.end();
        return body;
    }

    private void member(JsonReader json, String name) {
        if (name.equals("texts")) {
            texts = texts(json);
        } else if (!json.nothing()) {
            option(json, name);
        }
    }

    private void option(JsonReader json, String name) {
        switch (name) {
            case "model" -> model = json.string();
            case "pooling" -> pooling = Pooling.parse(json.string(), name);
            case "normalize" -> normalize = json.bool();
            case "dimensions" -> dimensions = json.integer(1, Integer.MAX_VALUE);
            case "input_type" -> inputType = InputType.parse(json.string(), name);
            case "encoding_format" -> base64 = isBase64(json.string(), name);
            case "truncate" -> truncate = json.bool();
            default -> throw new IllegalStateException(name);
        }
    }

    private static List<String> texts(JsonReader json) {
        List<String> texts = new ArrayList<>();
        json.array("an array of strings", (item, index) -> {
            if (index == MOST_TEXTS) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE, "Maximum " + MOST_TEXTS + " texts per request", "texts");
            }
            texts.add(item.string());
        });
        if (texts.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "texts cannot be empty", "texts");
        }
        return texts;
    }

    static boolean isBase64(String name, String field) {
        return switch (name) {
            case "float" -> false;
            case "base64" -> true;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Unknown encoding_format '" + name + "'; known are float, base64",
                        field);
        };
    }

    EmbeddingRequest request(Duration timeout, Account account) {
        if (texts == null) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "texts is missing", "texts");
        }
        return new EmbeddingRequest(
                texts, model, pooling, normalize, dimensions, inputType, truncate, true, timeout, account);
    }

    boolean base64() {
        return base64;
    }
}
