package com.akidb.grpc;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.grpc.proto.embedding.Embedding;
import com.akidb.grpc.proto.embedding.EmbeddingResponse;
import com.akidb.grpc.proto.embedding.ModelInfoResponse;
import com.akidb.grpc.proto.embedding.UsageInfo;
import com.akidb.model.Pooling;
import java.time.Duration;

/** The messages of {@code embedding.proto} as the values behind them, and back. Empty strings mean the default. */
final class EmbeddingMessages {

    static final int MAX_TEXTS = 32;

    private EmbeddingMessages() {}

    static EmbeddingRequest request(
            com.akidb.grpc.proto.embedding.EmbeddingRequest message, Duration timeout, Account account) {
        if (message.getTextsCount() == 0) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "texts cannot be empty", "texts");
        }
        if (message.getTextsCount() > MAX_TEXTS) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "Maximum " + MAX_TEXTS + " texts per request", "texts");
        }
        return new EmbeddingRequest(
                message.getTextsList(),
                message.getModel().isEmpty() ? null : message.getModel(),
                message.getPooling().isEmpty() ? null : Pooling.parse(message.getPooling(), "pooling"),
                message.hasNormalize() ? message.getNormalize() : null,
                message.hasDimensions() ? dimensions(message.getDimensions()) : null,
                inputType(message.getInputType()),
                !message.hasTruncate() || message.getTruncate(),
                true,
                timeout,
                account);
    }

    private static int dimensions(int dimensions) {
        if (dimensions < 1) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    "dimensions must be at least 1, got " + Integer.toUnsignedString(dimensions),
                    "dimensions");
        }
        return dimensions;
    }

    private static InputType inputType(String name) {
        return switch (name) {
            case "" -> InputType.NONE;
            case "query" -> InputType.QUERY;
            case "document" -> InputType.DOCUMENT;
            default ->
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Unknown input_type '" + name + "'; known are query, document",
                        "input_type");
        };
    }

    static EmbeddingResponse response(EmbeddingResult result, String model) {
        EmbeddingResponse.Builder response = EmbeddingResponse.newBuilder()
                .setModel(model)
                .setDimension(result.dimension())
                .setUsage(UsageInfo.newBuilder()
                        .setTotalTokens(result.totalTokens())
                        .setDurationMs(result.durationMillis()))
                .addAllTruncated(result.truncated());
        for (float[] vector : result.vectors()) {
            Embedding.Builder embedding = Embedding.newBuilder();
            for (float value : vector) {
                embedding.addValues(value);
            }
            response.addEmbeddings(embedding);
        }
        return response.build();
    }

    static ModelInfoResponse response(ModelInfo info) {
        return ModelInfoResponse.newBuilder()
                .setModel(info.id())
                .setDimension(info.dimension())
                .setMaxTokens(info.maxTokens())
                .build();
    }
}
