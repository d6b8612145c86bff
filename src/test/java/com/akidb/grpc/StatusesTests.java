package com.akidb.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.ConflictException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InternalException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TooLargeException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.error.UnavailableException;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class StatusesTests {

    @Test
    void everyKindOfFailureHasItsStatusAndKeepsItsMessage() {
        assertStatus(Code.NOT_FOUND, new NotFoundException("m"));
        assertStatus(Code.ALREADY_EXISTS, new ConflictException(ErrorCode.ALREADY_EXISTS, "m"));
        assertStatus(Code.RESOURCE_EXHAUSTED, new TooLargeException(ErrorCode.PAYLOAD_TOO_LARGE, "m"));
        assertStatus(Code.UNAVAILABLE, new UnavailableException("m"));
        assertStatus(Code.DEADLINE_EXCEEDED, new DeadlineExceededException("m"));
        assertStatus(Code.UNAUTHENTICATED, new UnauthenticatedException("m"));
        assertStatus(Code.PERMISSION_DENIED, new ForbiddenException("m"));
        assertStatus(Code.DATA_LOSS, new CorruptDataException("m"));
        assertStatus(Code.INTERNAL, new InternalException("m"));
    }

    @Test
    void looksThroughTheWrappingOfStages() {
        assertStatus(Code.NOT_FOUND, new CompletionException(new NotFoundException("m")));
        assertThat(Statuses.of(new CompletionException(new CancellationException()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Code.CANCELLED);
    }

    private static void assertStatus(Code code, Throwable failure) {
        StatusRuntimeException status = Statuses.of(failure);
        assertThat(status.getStatus().getCode()).isEqualTo(code);
        assertThat(status.getStatus().getDescription()).isEqualTo("m");
    }
}
