package com.akidb.http.server;

import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.error.TooLargeException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.error.UnavailableException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;

/** Turns failures into problems: the one place where HTTP statuses are chosen. */
final class Problems {

    private Problems() {}

    static Problem of(Throwable failure) {
        return switch (failure) {
            case AkidbException known -> of(known);
            case HttpFailure http ->
                new Problem(
                        http.status(),
                        http.code(),
                        http.detail(),
                        null,
                        http.headers().toSingleValueMap());
            case CompletionException wrapper when wrapper.getCause() != null -> of(wrapper.getCause());
            case CancellationException cancelled ->
                new Problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        ErrorCode.CANCELLED,
                        "The request was cancelled",
                        null,
                        Map.of());
            case ErrorResponse framework -> of(framework);
            default -> internal();
        };
    }

    private static Problem of(AkidbException failure) {
        return switch (failure) {
            case InvalidInputException e -> problem(HttpStatus.BAD_REQUEST, e, Map.of());
            case UnauthenticatedException e ->
                problem(HttpStatus.UNAUTHORIZED, e, Map.of(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"akidb\""));
            case ForbiddenException e -> problem(HttpStatus.FORBIDDEN, e, Map.of());
            case NotFoundException e -> problem(HttpStatus.NOT_FOUND, e, Map.of());
            case ConflictException e -> problem(HttpStatus.CONFLICT, e, Map.of());
            case TooLargeException e -> problem(HttpStatus.CONTENT_TOO_LARGE, e, Map.of());
            case OverloadedException e ->
                problem(HttpStatus.TOO_MANY_REQUESTS, e, Map.of(HttpHeaders.RETRY_AFTER, seconds(e)));
            case InternalException e -> problem(HttpStatus.INTERNAL_SERVER_ERROR, e, Map.of());
            case CorruptDataException e -> problem(HttpStatus.INTERNAL_SERVER_ERROR, e, Map.of());
            case UnavailableException e -> problem(HttpStatus.SERVICE_UNAVAILABLE, e, Map.of());
            case DeadlineExceededException e -> problem(HttpStatus.GATEWAY_TIMEOUT, e, Map.of());
        };
    }

    private static String seconds(OverloadedException e) {
        return Long.toString(Math.max(1, (e.retryAfter().toMillis() + 999) / 1000));
    }

    private static Problem problem(HttpStatus status, AkidbException failure, Map<String, String> headers) {
        return new Problem(
                status, failure.code(), failure.detail(), failure.field().orElse(null), headers);
    }

    /** Failures of the framework: unknown paths, methods and types of the routes that are not ours. */
    private static Problem of(ErrorResponse framework) {
        HttpStatus status = HttpStatus.resolve(framework.getStatusCode().value());
        if (status == null || status.is5xxServerError()) {
            return internal();
        }
        Map<String, String> headers = new HashMap<>(framework.getHeaders().toSingleValueMap());
        return switch (status) {
            case NOT_FOUND -> new Problem(status, ErrorCode.NOT_FOUND, "There is nothing here", null, headers);
            case METHOD_NOT_ALLOWED ->
                new Problem(status, ErrorCode.METHOD_NOT_ALLOWED, "This method is not allowed here", null, headers);
            case NOT_ACCEPTABLE ->
                new Problem(
                        status, ErrorCode.NOT_ACCEPTABLE, "Accept rules out every form of this answer", null, headers);
            case UNSUPPORTED_MEDIA_TYPE ->
                new Problem(
                        status,
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "This Content-Type is not understood here",
                        null,
                        headers);
            default -> new Problem(status, ErrorCode.INVALID_ARGUMENT, status.getReasonPhrase(), null, headers);
        };
    }

    private static Problem internal() {
        return new Problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                ErrorCode.INTERNAL,
                "The server failed to answer; its log has the reason under the id of this request",
                null,
                Map.of());
    }
}
