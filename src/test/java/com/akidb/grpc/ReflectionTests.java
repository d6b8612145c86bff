package com.akidb.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools such as grpcurl learn of the server. */
class ReflectionTests {

    private static GrpcServerFixture server;

    @BeforeAll
    static void start() throws IOException {
        server = new GrpcServerFixture();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ServerReflectionResponse ask(ServerReflectionRequest request) {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> call =
                ServerReflectionGrpc.newStub(server.channel()).serverReflectionInfo(new Answer<>(answer));
        call.onNext(request);
        ServerReflectionResponse response =
                answer.orTimeout(20, TimeUnit.SECONDS).join();
        call.onCompleted();
        return response;
    }

    private record Answer<T>(CompletableFuture<T> first) implements StreamObserver<T> {
        @Override
        public void onNext(T value) {
            first.complete(value);
        }

        @Override
        public void onError(Throwable failure) {
            first.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {}
    }

    private static List<FileDescriptorProto> files(ServerReflectionResponse response)
            throws InvalidProtocolBufferException {
        List<FileDescriptorProto> files = new ArrayList<>();
        for (var bytes : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            files.add(FileDescriptorProto.parseFrom(bytes));
        }
        return files;
    }

    @Test
    void namesFieldsInJson() throws InvalidProtocolBufferException {
        List<FileDescriptorProto> files = files(ask(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("akidb.embedding.EmbeddingService")
                .build()));

        assertThat(files)
                .flatExtracting(FileDescriptorProto::getMessageTypeList)
                .flatExtracting(message -> message.getFieldList())
                .allSatisfy(field ->
                        assertThat(field.getJsonName()).doesNotContain("_").isNotEmpty())
                .anySatisfy(field -> assertThat(field.getJsonName()).isEqualTo("totalTokens"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "google.rpc.ErrorInfo",
                "google.rpc.BadRequest",
                "google.rpc.RetryInfo",
                "google.rpc.BadRequest.FieldViolation"
            })
    void knowsTheTypesOfErrorDetails(String type) throws InvalidProtocolBufferException {
        List<FileDescriptorProto> files = files(ask(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(type)
                .build()));

        assertThat(files).extracting(FileDescriptorProto::getName).contains("google/rpc/error_details.proto");
        assertThat(files)
                .as("what it needs comes with it")
                .extracting(FileDescriptorProto::getName)
                .contains("google/protobuf/duration.proto");
    }

    @Test
    void knowsNoTypeThatIsNone() {
        assertThat(ask(ServerReflectionRequest.newBuilder()
                                .setFileContainingSymbol("google.rpc.Nothing")
                                .build())
                        .hasErrorResponse())
                .isTrue();
    }

    @Test
    void speaksTheFirstVersionOfTheProtocolToo() throws InvalidProtocolBufferException {
        CompletableFuture<io.grpc.reflection.v1alpha.ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionRequest> call =
                io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(server.channel())
                        .serverReflectionInfo(new Answer<>(answer));
        call.onNext(io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("akidb.embedding.EmbeddingService")
                .build());
        var response = answer.orTimeout(20, TimeUnit.SECONDS).join();
        call.onCompleted();

        assertThat(FileDescriptorProto.parseFrom(
                                response.getFileDescriptorResponse().getFileDescriptorProto(0))
                        .getMessageType(0)
                        .getField(0)
                        .getJsonName())
                .isNotEmpty();
    }
}
