package com.akidb.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.GeneratedMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorDetailsProto;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Completes what the server says of itself, in both versions of the reflection protocol: the names of fields in JSON,
 * which the compiler leaves out of the descriptors in generated code, so that grpcurl prints {@code totalTokens}; and the
 * types of error details, which no service mentions, so that it prints those instead of bytes.
 */
final class Reflection implements ServerInterceptor {

    /** What both versions of the protocol have under the same names. */
    private static final String FILES = "file_descriptor_response";

    private static final String FILE = "file_descriptor_proto";
    private static final String ERROR = "error_response";
    private static final String REQUEST = "original_request";

    /** Made when somebody asks, not when the server starts. */
    private static final class Details {

        private static final List<FileDescriptor> FILES = withDependencies(ErrorDetailsProto.getDescriptor());

        private Details() {}
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = String.valueOf(call.getMethodDescriptor().getServiceName());
        if (!service.startsWith("grpc.reflection.")) {
            return next.startCall(call, headers);
        }
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    @SuppressWarnings("unchecked")
                    public void sendMessage(A message) {
                        super.sendMessage((A) complete((GeneratedMessage) message));
                    }
                },
                headers);
    }

    private static Message complete(GeneratedMessage response) {
        Descriptor type = response.getDescriptorForType();
        Message.Builder complete = response.toBuilder();
        if (response.hasField(type.findFieldByName(ERROR)) && asksForDetails(response)) {
            complete.clearField(type.findFieldByName(ERROR));
            Message.Builder files = complete.getFieldBuilder(type.findFieldByName(FILES));
            Details.FILES.forEach(file -> files.addRepeatedField(
                    files.getDescriptorForType().findFieldByName(FILE),
                    named(file.toProto()).toByteString()));
            return complete.build();
        }
        if (!response.hasField(type.findFieldByName(FILES))) {
            return response;
        }
        Message.Builder files = complete.getFieldBuilder(type.findFieldByName(FILES));
        var file = files.getDescriptorForType().findFieldByName(FILE);
        for (int i = 0; i < files.getRepeatedFieldCount(file); i++) {
            try {
                FileDescriptorProto given = FileDescriptorProto.parseFrom((ByteString) files.getRepeatedField(file, i));
                files.setRepeatedField(file, i, named(given).toByteString());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
        return complete.build();
    }

    private static boolean asksForDetails(GeneratedMessage response) {
        Message request =
                (Message) response.getField(response.getDescriptorForType().findFieldByName(REQUEST));
        Descriptor type = request.getDescriptorForType();
        Object symbol = request.getField(type.findFieldByName("file_containing_symbol"));
        Object name = request.getField(type.findFieldByName("file_by_filename"));
        return Details.FILES.stream()
                .anyMatch(file -> file.getName().equals(name)
                        || file.getMessageTypes().stream()
                                .anyMatch(message -> message.getFullName().equals(symbol)
                                        || symbol.toString().startsWith(message.getFullName() + ".")));
    }

    /** The file, with the name in JSON of each field that lacks it. */
    private static FileDescriptorProto named(FileDescriptorProto file) {
        FileDescriptorProto.Builder named = file.toBuilder();
        named.getMessageTypeBuilderList().forEach(Reflection::name);
        named.getExtensionBuilderList().forEach(Reflection::name);
        return named.build();
    }

    private static void name(DescriptorProto.Builder message) {
        message.getFieldBuilderList().forEach(Reflection::name);
        message.getExtensionBuilderList().forEach(Reflection::name);
        message.getNestedTypeBuilderList().forEach(Reflection::name);
    }

    private static void name(FieldDescriptorProto.Builder field) {
        if (field.hasJsonName()) {
            return;
        }
        StringBuilder name = new StringBuilder();
        boolean upper = false;
        for (char c : field.getName().toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        field.setJsonName(name.toString());
    }

    private static List<FileDescriptor> withDependencies(FileDescriptor file) {
        Set<FileDescriptor> all = new LinkedHashSet<>(List.of(file));
        for (FileDescriptor needed : file.getDependencies()) {
            all.addAll(withDependencies(needed));
        }
        return new ArrayList<>(all);
    }
}
