package com.akidb.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.error.OverloadedException;
import com.akidb.grpc.proto.embedding.EmbeddingRequest;
import com.akidb.grpc.proto.embedding.EmbeddingResponse;
import com.akidb.grpc.proto.embedding.ModelInfoRequest;
import com.akidb.grpc.proto.embedding.ModelInfoResponse;
import com.akidb.memory.MemoryBudget;
import com.akidb.model.Pooling;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddingGrpcTests {

    private GrpcServerFixture server;

    @BeforeEach
    void start() throws IOException {
        server = new GrpcServerFixture();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersEvenWhenAnErrorBreaksTheCall() {
        server.embedding.onEmbed = () -> {
            throw new NoClassDefFoundError("a secret of the inside");
        };

        StatusRuntimeException failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.embeddings()
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .embed(EmbeddingRequest.newBuilder().addTexts("a").build()));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.INTERNAL);
        assertThat(failure.getStatus().getDescription()).isEqualTo("Internal error");
    }

    @Test
    void embedsInOrder() {
        EmbeddingResponse response = server.embeddings()
                .embed(EmbeddingRequest.newBuilder()
                        .addTexts("granite")
                        .addTexts("basalt")
                        .build());
        assertThat(response.getEmbeddingsCount()).isEqualTo(2);
        assertThat(response.getEmbeddings(0).getValuesCount()).isEqualTo(8);
        assertThat(response.getEmbeddings(0)).isNotEqualTo(response.getEmbeddings(1));
        assertThat(response.getModel()).isEqualTo("words");
        assertThat(response.getDimension()).isEqualTo(8);
        assertThat(response.hasUsage()).isTrue();
        assertThat(response.getUsage().getTotalTokens()).isEqualTo(2);
    }

    @Test
    void emptyStringsMeanTheDefaultAndAbsentFieldsToo() {
        server.embeddings()
                .embed(EmbeddingRequest.newBuilder()
                        .addTexts("x")
                        .setModel("")
                        .setPooling("")
                        .setInputType("")
                        .build());
        com.akidb.embedding.EmbeddingRequest asked = server.embedding.requests.getFirst();
        assertThat(asked.model()).isNull();
        assertThat(asked.pooling()).isNull();
        assertThat(asked.normalize()).isNull();
        assertThat(asked.dimension()).isNull();
        assertThat(asked.truncate()).isTrue();
        assertThat(asked.inputType()).isEqualTo(InputType.NONE);
        assertThat(asked.timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void passesOnWhatIsAsked() {
        server.embeddings()
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .embed(EmbeddingRequest.newBuilder()
                        .addTexts("x")
                        .setModel("words")
                        .setPooling("cls")
                        .setNormalize(false)
                        .setDimensions(4)
                        .setInputType("query")
                        .setTruncate(false)
                        .build());
        com.akidb.embedding.EmbeddingRequest asked = server.embedding.requests.getFirst();
        assertThat(asked.model()).isEqualTo("words");
        assertThat(asked.pooling()).isEqualTo(Pooling.CLS);
        assertThat(asked.normalize()).isFalse();
        assertThat(asked.dimension()).isEqualTo(4);
        assertThat(asked.truncate()).isFalse();
        assertThat(asked.inputType()).isEqualTo(InputType.QUERY);
        assertThat(asked.timeout()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void refusesBadRequestsWithTheContractsMessages() {
        assertRefused(EmbeddingRequest.newBuilder(), "texts cannot be empty", "texts");
        assertRefused(texts(33), "Maximum 32 texts per request", "texts");
        assertRefused(texts(1).setPooling("max"), "Unknown pooling 'max'; known are mean, cls, last", "pooling");
        assertRefused(texts(1).setModel("none"), "Unknown model 'none'", "model");
        assertRefused(texts(1).setDimensions(0), "dimensions must be at least 1, got 0", "dimensions");
        assertRefused(
                texts(1).setInputType("doc"), "Unknown input_type 'doc'; known are query, document", "input_type");
        assertThat(server.embeddings().embed(texts(32).build()).getEmbeddingsCount())
                .isEqualTo(32);
    }

    @Test
    void tellsTheCodeAndTheFieldInTheDetails() throws IOException {
        StatusRuntimeException refused = refused(texts(33));
        com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(refused));
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("OUT_OF_RANGE");
        assertThat(info.getDomain()).isEqualTo("akidb");
        assertThat(info.getMetadataOrThrow("field")).isEqualTo("texts");
        BadRequest bad = status.getDetails(1).unpack(BadRequest.class);
        assertThat(bad.getFieldViolations(0).getField()).isEqualTo("texts");
    }

    @Test
    void describesTheDefaultModel() {
        ModelInfoResponse info = server.embeddings().getModelInfo(ModelInfoRequest.getDefaultInstance());
        assertThat(info.getModel()).isEqualTo("words");
        assertThat(info.getDimension()).isEqualTo(8);
        assertThat(info.getMaxTokens()).isEqualTo(64);
    }

    @Test
    void aCallerThatGivesUpCancelsTheWork() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        server.embedding.gate = gate;
        CountDownLatch came = new CountDownLatch(1);
        server.embedding.onEmbed = came::countDown;
        ListenableFuture<EmbeddingResponse> call = server.embeddingsLater().embed(texts(1).build());
        came.await();
        CompletableFuture<?> work = Objects.requireNonNull(server.embedding.last);
        call.cancel(true);
        assertThat(work.handle((value, failure) -> work.isCancelled()).get(30, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void aDeadlineThatPassesCancelsTheWork() throws Exception {
        server.embedding.gate = new CompletableFuture<>();
        StatusRuntimeException late = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.embeddings()
                        .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                        .embed(texts(1).build()));
        assertThat(late.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
        CompletableFuture<?> work = Objects.requireNonNull(server.embedding.last);
        assertThat(work.handle((value, failure) -> work.isCancelled()).get(30, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void oneBlockingCallTooManyIsRefusedAtOnce() {
        List<Runnable> threads = new ArrayList<>();
        Calls calls = new Calls(threads::add, 1, new MemoryBudget(64L << 20));
        CompletableFuture<String> first = calls.offload(() -> CompletableFuture.completedFuture("first"));

        assertThatThrownBy(() -> calls.offload(() -> CompletableFuture.completedFuture("second")))
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        refused -> assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(1)));

        threads.getFirst().run();
        assertThat(first).isCompletedWithValue("first");
    }

    @Test
    void failuresOfTheManagerKeepTheirMessage() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        gate.completeExceptionally(new OverloadedException("The queue is full", Duration.ofSeconds(2)));
        server.embedding.gate = gate;
        StatusRuntimeException refused = refused(texts(1));
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getStatus().getDescription()).isEqualTo("The queue is full");
    }

    @Test
    void anUnknownFailureShowsNothingOfItself() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        gate.completeExceptionally(new IllegalStateException("secret"));
        server.embedding.gate = gate;
        StatusRuntimeException failed = refused(texts(1));
        assertThat(failed.getStatus().getCode()).isEqualTo(Code.INTERNAL);
        assertThat(failed.getStatus().getDescription()).isEqualTo("Internal error");
    }

    private void assertRefused(EmbeddingRequest.Builder request, String message, String field) {
        StatusRuntimeException refused = refused(request);
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).isEqualTo(message);
        assertThat(Objects.requireNonNull(StatusProto.fromThrowable(refused)).toString())
                .contains(field);
    }

    private StatusRuntimeException refused(EmbeddingRequest.Builder request) {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class, () -> server.embeddings().embed(request.build()));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static EmbeddingRequest.Builder texts(int count) {
        return EmbeddingRequest.newBuilder().addAllTexts(Collections.nCopies(count, "x"));
    }
}
