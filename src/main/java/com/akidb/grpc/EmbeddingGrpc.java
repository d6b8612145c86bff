package com.akidb.grpc;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.EmbeddingResult;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.grpc.proto.embedding.Embedding;
import com.akidb.grpc.proto.embedding.EmbeddingResponse;
import com.akidb.grpc.proto.embedding.EmbeddingServiceGrpc;
import com.akidb.grpc.proto.embedding.ModelInfoRequest;
import com.akidb.grpc.proto.embedding.ModelInfoResponse;
import com.akidb.grpc.proto.embedding.UsageInfo;
import com.akidb.model.Pooling;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code akidb.embedding.EmbeddingService}. */
final class EmbeddingGrpc extends EmbeddingServiceGrpc.EmbeddingServiceImplBase {

    private final EmbeddingManager manager;
    private final Calls calls;

    EmbeddingGrpc(EmbeddingManager manager, Calls calls) {
        this.manager = manager;
        this.calls = calls;
    }

    @Override
    public void embed(
            com.akidb.grpc.proto.embedding.EmbeddingRequest request, StreamObserver<EmbeddingResponse> observer) {
        Duration timeout = Calls.timeout();
        Account account = KeyInterceptor.account();
        calls.answer(observer, () -> {
            EmbeddingRequest wanted = request(request, timeout, account);
            String model = wanted.model() == null ? info(null).id() : wanted.model();
            return Futures.then(manager.embed(wanted), result -> response(result, model));
        });
    }

    @Override
    public void getModelInfo(ModelInfoRequest request, StreamObserver<ModelInfoResponse> observer) {
        calls.answer(observer, () -> CompletableFuture.completedFuture(response(info(null))));
    }

    private ModelInfo info(@Nullable String model) {
        try {
            return manager.modelInfo(model);
        } catch (AkidbException failure) {
            throw new InternalException(ErrorCode.INTERNAL, "Failed to get model info: " + failure.detail(), failure);
        }
    }

    static final int MAX_TEXTS = 32;

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
