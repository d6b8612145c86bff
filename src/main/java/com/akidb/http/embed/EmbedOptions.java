package com.akidb.http.embed;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.json.VectorFormat;
import com.akidb.model.Pooling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How to embed, as the bodies of {@code /embed} and {@code /v1/embeddings} say it in the same members. */
final class EmbedOptions {

    private @Nullable String model;
    private @Nullable Pooling pooling;
    private @Nullable Boolean normalize;
    private @Nullable Integer dimensions;
    private InputType inputType = InputType.NONE;
    private VectorFormat format = VectorFormat.FLOAT;
    private boolean truncate = true;

    /** @param normalize whether vectors are normalised if the body does not say; null for what the configuration says */
    EmbedOptions(@Nullable Boolean normalize) {
        this.normalize = normalize;
    }

    /** Reads the value of a member, which is not null. */
    void read(JsonReader json, String name) {
        switch (name) {
            case "model" -> model = json.string();
            case "pooling" -> pooling = Pooling.parse(json.string(), name);
            case "normalize" -> normalize = json.bool();
            case "dimensions" -> dimensions = json.integer(1, Integer.MAX_VALUE);
            case "input_type" -> inputType = InputType.parse(json.string(), name);
            case "encoding_format" -> format = VectorFormat.parse(json.string(), name);
            case "truncate" -> truncate = json.bool();
            default -> throw new IllegalStateException(name);
        }
    }

    /**
     * Reads an array of texts.
     *
     * @param expected what the value should be, for the message if it is something else
     * @param most texts that it may have
     * @param item reads one text
     */
    static List<String> texts(
            JsonReader json, String expected, int most, String field, Function<JsonReader, String> item) {
        List<String> texts = new ArrayList<>();
        json.array(expected, (each, index) -> {
            if (index == most) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE, "Maximum " + most + " texts per request", field);
            }
            texts.add(item.apply(each));
        });
        if (texts.isEmpty()) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " cannot be empty", field);
        }
        return texts;
    }

    /**
     * The request.
     *
     * @param texts null if the body has none
     * @param field the member that has them
     */
    EmbeddingRequest request(@Nullable List<String> texts, String field, Duration timeout, Account account) {
        if (texts == null) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, field + " is missing", field);
        }
        return new EmbeddingRequest(
                texts, model, pooling, normalize, dimensions, inputType, truncate, true, timeout, account);
    }

    JsonWriter writer(EmbeddingResult result) {
        return writer(result, format);
    }

    /** A writer that has room for the vectors and writes them in this format. */
    static JsonWriter writer(EmbeddingResult result, VectorFormat format) {
        int roomPerNumber = 13;
        int vectors = result.vectors().size() * result.dimension() * roomPerNumber;
        return new JsonWriter(256 + vectors).vectorsAs(format);
    }
}
