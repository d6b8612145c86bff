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

/** The body of {@code POST /v1/embeddings}, as OpenAI's API has it. */
final class OpenAiBody {

    /** As many as OpenAI's own API takes. */
    private static final int MOST_TEXTS = 2_048;

    private static final Fields FIELDS = Fields.of(
            "input",
            "model",
            "encoding_format",
            "dimensions",
            "user",
            "truncate",
            "input_type",
            "normalize",
            "pooling");

    private @Nullable List<String> input;
    private @Nullable String model;
    private @Nullable Integer dimensions;
    private boolean base64;
    private boolean truncate = true;
    private boolean normalize = true;
    private InputType inputType = InputType.NONE;
    private @Nullable Pooling pooling;

    static OpenAiBody read(JsonReader json) {
        OpenAiBody body = new OpenAiBody();
        json.object(FIELDS, body::member);
        json.end();
        return body;
    }

    private void member(JsonReader json, String name) {
        if (name.equals("input")) {
            input = input(json);
        } else if (!json.nothing()) {
            switch (name) {
                case "model" -> model = json.string();
                case "encoding_format" -> base64 = EmbedBody.isBase64(json.string(), name);
                case "dimensions" -> dimensions = json.integer(1, Integer.MAX_VALUE);
                case "user" -> json.string();
                case "truncate" -> truncate = json.bool();
                case "input_type" -> inputType = InputType.parse(json.string(), name);
                case "normalize" -> normalize = json.bool();
                case "pooling" -> pooling = Pooling.parse(json.string(), name);
                default -> throw new IllegalStateException(name);
            }
        }
    }

    private static List<String> input(JsonReader json) {
        if (json.peek() == '"') {
            return List.of(json.string());
        }
        List<String> texts = new ArrayList<>();
        json.array("a string or an array of strings", (item, index) -> {
            if (index == MOST_TEXTS) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE, "Maximum " + MOST_TEXTS + " texts per request", "input");
            }
            refuseTokens(item);
            texts.add(item.string());
        });
        if (texts.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "input cannot be empty", "input");
        }
        return texts;
    }

    private static void refuseTokens(JsonReader item) {
        char next = item.peek();
        if (next == '[' || (next >= '0' && next <= '9')) {
            throw new InvalidInputException(
                    ErrorCode.WRONG_TYPE,
                    "input as token arrays is not supported, since models here have tokenizers of their own; send text"
                            + " (LangChain: check_embedding_ctx_length=False)",
                    "input");
        }
    }

    EmbeddingRequest request(Duration timeout, Account account) {
        if (input == null) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "input is missing", "input");
        }
        return new EmbeddingRequest(
                input, model, pooling, normalize, dimensions, inputType, truncate, true, timeout, account);
    }

    boolean base64() {
        return base64;
    }
}
