package com.akidb.grpc;

import com.akidb.account.Account;
import com.akidb.concurrent.Futures;
import com.akidb.embedding.EmbeddingManager;
import com.akidb.embedding.EmbeddingManager.ModelInfo;
import com.akidb.embedding.EmbeddingRequest;
import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.grpc.proto.embedding.EmbeddingResponse;
import com.akidb.grpc.proto.embedding.EmbeddingServiceGrpc;
import com.akidb.grpc.proto.embedding.ModelInfoRequest;
import com.akidb.grpc.proto.embedding.ModelInfoResponse;
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
            EmbeddingRequest wanted = EmbeddingMessages.request(request, timeout, account);
            String model = wanted.model() == null ? info(null).id() : wanted.model();
            return Futures.then(manager.embed(wanted), result -> EmbeddingMessages.response(result, model));
        });
    }

    @Override
    public void getModelInfo(ModelInfoRequest request, StreamObserver<ModelInfoResponse> observer) {
        calls.answer(observer, () -> CompletableFuture.completedFuture(EmbeddingMessages.response(info(null))));
    }

    private ModelInfo info(@Nullable String model) {
        try {
            return manager.modelInfo(model);
        } catch (AkidbException failure) {
            throw new InternalException(ErrorCode.INTERNAL, "Failed to get model info: " + failure.detail(), failure);
        }
    }
}
