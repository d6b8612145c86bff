package com.akidb.grpc;

import com.akidb.error.OverloadedException;
import com.akidb.memory.MemoryBudget;
import com.akidb.memory.RequestMemory;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says why a message cannot be read. gRPC itself takes a message that is no Protobuf, or that is too large once it is
 * unpacked, for a mistake of the service: it answers UNKNOWN and writes a stack trace into the log for each.
 */
final class ReadableMessages {

    private ReadableMessages() {}

    /** What stands in the place of a message that could not be read. */
    private record Unreadable(Status status) {}

    /** A message, and the memory that it holds. */
    private record Readable(Object message, RequestMemory memory) {}

    /** The message itself, for those who are handed messages before the service is. */
    static @Nullable Object unwrapped(@Nullable Object message) {
        return message instanceof Readable(Object read, RequestMemory _) ? read : message;
    }

    /**
     * The same service, which closes calls whose message cannot be read with the status that says why.
     *
     * @param messages memory of the messages that are worked on
     */
    static ServerServiceDefinition only(ServerServiceDefinition service, MemoryBudget messages) {
        List<ServerMethodDefinition<Object, ?>> methods = new ArrayList<>();
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
            methods.add(guarded(method, messages));
        }
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName());
        descriptor.setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder guarded = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(guarded::addMethod);
        return guarded.build();
    }

    private static <Q, A> ServerMethodDefinition<Object, A> guarded(
            ServerMethodDefinition<Q, A> method, MemoryBudget messages) {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        MethodDescriptor<Object, A> reading = descriptor.toBuilder(
                        new Reading<>(descriptor.getRequestMarshaller(), messages), descriptor.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(reading, new Handler<>(method));
    }

    private record Reading<Q>(Marshaller<Q> marshaller, MemoryBudget messages) implements Marshaller<Object> {

        @Override
        @SuppressWarnings("unchecked")
        public InputStream stream(Object value) {
            return marshaller.stream((Q) value);
        }

        @Override
        public Object parse(InputStream stream) {
            RequestMemory memory =
                    new RequestMemory(messages, "The messages that are worked on fill the memory for them");
            try {
                // A stream of gRPC knows how many bytes it has.
                memory.take(stream.available());
                return new Readable(marshaller.parse(stream), memory);
            } catch (OverloadedException full) {
                return new Unreadable(Status.RESOURCE_EXHAUSTED.withDescription(full.detail()));
            } catch (IOException e) {
                return new Unreadable(Status.INVALID_ARGUMENT.withDescription("The message cannot be read"));
            } catch (StatusRuntimeException refused) {
                memory.close();
                Status status = refused.getStatus();
                return new Unreadable(
                        status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                                ? Status.RESOURCE_EXHAUSTED.withDescription(status.getDescription())
                                : Status.INVALID_ARGUMENT.withDescription("The message is not valid Protobuf"));
            }
        }
    }

    private record Handler<Q, A>(ServerMethodDefinition<Q, A> method) implements ServerCallHandler<Object, A> {

        @Override
        @SuppressWarnings("unchecked")
        public ServerCall.Listener<Object> startCall(ServerCall<Object, A> call, Metadata headers) {
            // Services get messages of their own type alone; the types are erased where they are read.
            ServerCall.Listener<Q> listener =
                    method.getServerCallHandler().startCall((ServerCall<Q, A>) (ServerCall<?, A>) call, headers);
            return new Listening<>((ServerCall.Listener<Object>) (ServerCall.Listener<?>) listener, call);
        }
    }

    private static final class Listening<A> extends ServerCall.Listener<Object> {

        private final ServerCall.Listener<Object> service;
        private final ServerCall<Object, A> call;
        private boolean closed;
        private @Nullable RequestMemory memory;

        Listening(ServerCall.Listener<Object> service, ServerCall<Object, A> call) {
            this.service = service;
            this.call = call;
        }

        @Override
        public void onMessage(Object message) {
            if (message instanceof Unreadable(Status status)) {
                closed = true;
                call.close(status, new Metadata());
            } else if (message instanceof Readable(Object read, RequestMemory held)) {
                memory = held;
                if (!closed) {
                    service.onMessage(read);
                }
            }
        }

        @Override
        public void onHalfClose() {
            if (!closed) {
                service.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            release();
            service.onCancel();
        }

        @Override
        public void onComplete() {
            release();
            service.onComplete();
        }

        private void release() {
            if (memory != null) {
                memory.close();
            }
        }

        @Override
        public void onReady() {
            if (!closed) {
                service.onReady();
            }
        }
    }
}
