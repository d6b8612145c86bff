package com.akidb.http.embed;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /embeddings/generate}. Optional members may be null, which is the same as absent. */
final class GenerateBody {

    private static final int MOST_TEXTS = 100;
    private static final Fields FIELDS = Fields.of("text", "model", "options");
    private static final Fields OPTIONS = Fields.of("cache", "normalize");

    private @Nullable List<String> texts;
    private boolean single;
    private @Nullable String model;
    private boolean cache = true;
    private boolean normalize = true;

    static GenerateBody read(JsonReader json) {
        GenerateBody body = new GenerateBody();
        json.object(FIELDS, body::member);
        json.end();
        return body;
    }

    private void member(JsonReader json, String name) {
        if (name.equals("text")) {
            texts = texts(json);
        } else if (!json.nothing()) {
            switch (name) {
                case "model" -> model = json.string();
                case "options" -> json.object(OPTIONS, this::option);
                default -> throw new IllegalStateException(name);
            }
        }
    }

    private void option(JsonReader json, String name) {
        if (!json.nothing()) {
            switch (name) {
                case "cache" -> cache = json.bool();
                case "normalize" -> normalize = json.bool();
                default -> throw new IllegalStateException(name);
            }
        }
    }

    private List<String> texts(JsonReader json) {
        single = json.peek() == '"';
        if (single) {
            return List.of(text(json));
        }
        List<String> list = new ArrayList<>();
        json.array("a string or an array of strings", (item, index) -> {
            if (index == MOST_TEXTS) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE, "Maximum " + MOST_TEXTS + " texts per request", "text");
            }
            list.add(text(item));
        });
        if (list.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "text cannot be empty", "text");
        }
        return list;
    }

    private static String text(JsonReader json) {
        String text = json.string();
        if (text.isEmpty()) {
            throw json.invalid(ErrorCode.INVALID_ARGUMENT, "cannot be empty");
        }
        return text;
    }

    /**
     * The request.
     *
     * @param defaultModel the model for those who name none
     */
    EmbeddingRequest request(String defaultModel, Duration timeout, Account account) {
        if (texts == null) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "text is missing", "text");
        }
        return new EmbeddingRequest(
                texts,
                model == null ? defaultModel : model,
                null,
                normalize,
                null,
                InputType.NONE,
                true,
                cache,
                timeout,
                account);
    }

    /** Whether one text was given as a string, so that one vector is answered. */
    boolean isSingle() {
        return single;
    }
}
