package com.akidb.grpc;

import com.akidb.concurrent.Futures;
import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.error.TooLargeException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.error.UnavailableException;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures as gRPC tells them: a status whose message is the failure's own, and as details an {@code ErrorInfo} with the
 * stable code as its reason, a {@code BadRequest} naming the field, and a {@code RetryInfo} where waiting helps.
 */
final class Statuses {

    static final String DOMAIN = "akidb";
    private static final Logger log = LoggerFactory.getLogger(Statuses.class);

    private Statuses() {}

    /** The status of a failure. What the server is to blame for is logged, not shown. */
    static StatusRuntimeException of(Throwable failure) {
        return StatusProto.toStatusRuntimeException(
                switch (Futures.unwrap(failure)) {
                    case AkidbException known -> known(known);
                    case CancellationException cancelled -> plain(Code.CANCELLED, "The call was cancelled");
                    case Throwable unknown -> {
                        log.error("A gRPC call failed", unknown);
                        yield plain(Code.INTERNAL, "Internal error");
                    }
                });
    }

    private static Code code(AkidbException failure) {
        return switch (failure) {
            case InvalidInputException e -> Code.INVALID_ARGUMENT;
            case NotFoundException e -> Code.NOT_FOUND;
            case ConflictException e -> Code.ALREADY_EXISTS;
            case TooLargeException e -> Code.RESOURCE_EXHAUSTED;
            case OverloadedException e -> Code.RESOURCE_EXHAUSTED;
            case UnavailableException e -> Code.UNAVAILABLE;
            case DeadlineExceededException e -> Code.DEADLINE_EXCEEDED;
            case UnauthenticatedException e -> Code.UNAUTHENTICATED;
            case ForbiddenException e -> Code.PERMISSION_DENIED;
            case CorruptDataException e -> Code.DATA_LOSS;
            case InternalException e -> Code.INTERNAL;
        };
    }

    private static Status known(AkidbException failure) {
        Code code = code(failure);
        if (code == Code.INTERNAL || code == Code.DATA_LOSS) {
            log.error("A gRPC call failed: {}", failure.detail(), failure);
        }
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder().setReason(failure.code().name()).setDomain(DOMAIN);
        failure.field().ifPresent(field -> info.putMetadata("field", field));
        Status.Builder status = Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(failure.detail())
                .addDetails(Any.pack(info.build()));
        if (code == Code.INVALID_ARGUMENT) {
            failure.field().ifPresent(field -> status.addDetails(Any.pack(violation(field, failure.detail()))));
        }
        if (failure instanceof OverloadedException overloaded) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder()
                            .setSeconds(overloaded.retryAfter().toSeconds())
                            .setNanos(overloaded.retryAfter().getNano()))
                    .build()));
        }
        return status.build();
    }

    private static BadRequest violation(String field, String message) {
        return BadRequest.newBuilder()
                .addFieldViolations(
                        BadRequest.FieldViolation.newBuilder().setField(field).setDescription(message))
                .build();
    }

    private static Status plain(Code code, String message) {
        return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
    }
}
