package com.akidb.grpc;

import com.akidb.account.Account;
import com.akidb.error.AkidbException;
import com.akidb.security.Audit;
import com.akidb.security.AuditEntry;
import com.akidb.security.Caller;
import com.akidb.security.CallerAccount;
import com.akidb.security.Gate;
import com.akidb.security.Scope;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call in by its API key, in the metadata {@code authorization} or {@code x-api-key}, and has what changes
 * something written into the audit log before it is answered, and what would have too when it is refused.
 */
final class KeyInterceptor implements ServerInterceptor {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> API_KEY = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Account> ACCOUNT = Context.key("account");
    private static final int LONGEST_ID = 128;

    private final Gate gate;
    private final Audit audit;

    KeyInterceptor(Gate gate, Audit audit) {
        this.gate = gate;
        this.audit = audit;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Scope scope = MethodScopes.of(call.getMethodDescriptor());
        if (scope == null) {
            return next.startCall(call, headers);
        }
        String method = call.getMethodDescriptor().getFullMethodName();
        boolean audited = scope != Scope.READ && audit.isOn();
        List<String> authorization = all(headers, AUTHORIZATION);
        List<String> apiKey = all(headers, API_KEY);
        CallerAccount account;
        try {
            account = gate.admit(
                    authorization, apiKey, scope, method, MethodScopes.isOpenToLimited(call.getMethodDescriptor()));
        } catch (AkidbException refused) {
            if (audited) {
                Request request = new Request(gate.callerOf(authorization, apiKey), method, id(headers), null);
                String status = Statuses.of(refused).getStatus().getCode().name();
                audit.refused(
                        request.entry(status),
                        refused.code(),
                        call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            }
            return refuse(call, refused);
        }
        Context context = Context.current().withValue(ACCOUNT, account);
        if (!audited) {
            return Contexts.interceptCall(context, call, headers, next);
        }
        Request request = new Request(account.caller(), method, id(headers), account);
        Audited<Q, A> watched = new Audited<>(call, audit, request);
        return new Watched<>(Contexts.interceptCall(context, watched, headers, next), watched);
    }

    /** Whom the call that is being handled on this thread is charged to. */
    static Account account() {
        Account account = ACCOUNT.get();
        return account == null ? Account.SERVER : account;
    }

    private static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, AkidbException refused) {
        StatusRuntimeException status = Statuses.of(refused);
        Metadata trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        return new ServerCall.Listener<>() {};
    }

    private static List<String> all(Metadata headers, Metadata.Key<String> key) {
        Iterable<String> values = headers.getAll(key);
        if (values == null) {
            return List.of();
        }
        List<String> list = new ArrayList<>(1);
        values.forEach(list::add);
        return list;
    }

    private static @Nullable String id(Metadata headers) {
        String id = headers.get(REQUEST_ID);
        return id != null && id.length() <= LONGEST_ID ? id : null;
    }

    /** A call, with what its message tells. */
    private static final class Request {
        private final Caller caller;
        private final String method;
        private final @Nullable String id;
        private final @Nullable CallerAccount account;
        private volatile @Nullable String target;

        /** @param account null if the call was refused */
        Request(Caller caller, String method, @Nullable String id, @Nullable CallerAccount account) {
            this.caller = caller;
            this.method = method;
            this.id = id;
            this.account = account;
        }

        AuditEntry entry(String outcome) {
            Long rows = account == null ? null : account.rows();
            return new AuditEntry(Instant.now(), caller, id, method, target, rows, outcome);
        }
    }

    /** Notes which collection a call is about, and that its caller went away. */
    private static final class Watched<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Audited<Q, ?> call;

        Watched(ServerCall.Listener<Q> listener, Audited<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            call.request.target = target(ReadableMessages.unwrapped(message));
            super.onMessage(message);
        }

        @Override
        public void onCancel() {
            call.cancelled();
            super.onCancel();
        }
    }

    /** The collection that a message names, by the fields that mean that in all of AkiDB's messages; null if none. */
    private static @Nullable String target(@Nullable Object message) {
        if (!(message instanceof Message known)) {
            return null;
        }
        FieldDescriptor collection = known.getDescriptorForType().findFieldByName("collection");
        FieldDescriptor named =
                collection == null ? known.getDescriptorForType().findFieldByName("name") : collection;
        return named != null && named.getJavaType() == FieldDescriptor.JavaType.STRING
                ? (String) known.getField(named)
                : null;
    }

    /** Writes the audit log before it closes. */
    private static final class Audited<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Audit audit;
        private final Request request;
        private final AtomicBoolean written = new AtomicBoolean();

        Audited(ServerCall<Q, A> call, Audit audit, Request request) {
            super(call);
            this.audit = audit;
            this.request = request;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (written.compareAndSet(false, true)) {
                var unused = audit.write(request.entry(status.getCode().name()))
                        .whenComplete((done, failure) -> super.close(status, trailers));
            } else {
                super.close(status, trailers);
            }
        }

        void cancelled() {
            if (written.compareAndSet(false, true)) {
                var unused = audit.write(request.entry("cancelled"));
            }
        }
    }
}
