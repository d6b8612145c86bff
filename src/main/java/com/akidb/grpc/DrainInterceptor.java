package com.akidb.grpc;

import com.akidb.ops.ServerState;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;

/** Refuses new calls while the server drains, except questions about its health. */
final class DrainInterceptor implements ServerInterceptor {

    private final ServerState state;

    DrainInterceptor(ServerState state) {
        this.state = state;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (state.isDraining()
                && !HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
            call.close(Status.UNAVAILABLE.withDescription("The server is shutting down"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
