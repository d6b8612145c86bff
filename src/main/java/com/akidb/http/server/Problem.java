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
import com.akidb.http.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;

/**
 * What an error answer says, in one of three forms: problem details (RFC 9457) with AkiDB's own members, the error body
 * of OpenAI's API, plain text.
 *
 * @param field the field to blame, null if none is
 * @param headers such as Allow and Retry-After
 */
public record Problem(
        HttpStatus status,
        ErrorCode code,
        String detail,
        @Nullable String field,
        Map<String, String> headers) {

    private static final byte[] TYPE = JsonWriter.piece("{\"type\":\"urn:akidb:error:");
    private static final byte[] TITLE = JsonWriter.piece("\",\"title\":");
    private static final byte[] STATUS = JsonWriter.piece(",\"status\":");
    private static final byte[] DETAIL = JsonWriter.piece(",\"detail\":");
    private static final byte[] CODE = JsonWriter.piece(",\"code\":");
    private static final byte[] FIELD = JsonWriter.piece(",\"field\":");
    private static final byte[] ERROR = JsonWriter.piece(",\"error\":");

    /** What a failure is to callers: the one place where HTTP statuses are chosen. */
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
            case InvalidInputException e ->
                problem(
                        e.code() == ErrorCode.IDEMPOTENCY_KEY_REUSED
                                ? HttpStatus.UNPROCESSABLE_CONTENT
                                : HttpStatus.BAD_REQUEST,
                        e,
                        Map.of());
            case UnauthenticatedException e ->
                problem(HttpStatus.UNAUTHORIZED, e, Map.of(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"akidb\""));
            case ForbiddenException e -> problem(HttpStatus.FORBIDDEN, e, Map.of());
            case NotFoundException e -> problem(HttpStatus.NOT_FOUND, e, Map.of());
            case ConflictException e ->
                problem(
                        HttpStatus.CONFLICT,
                        e,
                        e.code() == ErrorCode.IDEMPOTENCY_KEY_IN_USE ? Map.of(HttpHeaders.RETRY_AFTER, "1") : Map.of());
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
                        status,
                        ErrorCode.NOT_ACCEPTABLE,
                        "Accept allows none of the media types of this answer",
                        null,
                        headers);
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

    Answer asProblemDetails() {
        JsonWriter json = new JsonWriter(512)
                .put(TYPE)
                .put(JsonWriter.piece(code.name()))
                .put(TITLE)
                .value(title())
                .put(STATUS)
                .value(status.value())
                .put(DETAIL)
                .value(detail)
                .put(CODE)
                .value(code.name());
        if (field != null) {
            json.put(FIELD).value(field);
        }
        json.put(ERROR).value(detail).put('}');
        return new Answer(status, bytes(json), "application/problem+json", headers);
    }

    /** Clients of that API look at {@code error.message}, {@code type}, {@code param} and {@code code}. */
    Answer asOpenAi() {
        HttpStatus shown = code == ErrorCode.UNKNOWN_MODEL ? HttpStatus.NOT_FOUND : status;
        String type = shown.is5xxServerError()
                ? "server_error"
                : shown == HttpStatus.TOO_MANY_REQUESTS ? "rate_limit_error" : "invalid_request_error";
        String name = code == ErrorCode.UNKNOWN_MODEL
                ? "model_not_found"
                : code.name().toLowerCase(Locale.ROOT);
        JsonWriter json = new JsonWriter(512)
                .put(JsonWriter.piece("{\"error\":{\"message\":"))
                .value(detail)
                .put(JsonWriter.piece(",\"type\":"))
                .value(type)
                .put(JsonWriter.piece(",\"param\":"))
                .value(field)
                .put(CODE)
                .value(name)
                .put(JsonWriter.piece("}}"));
        return new Answer(shown, bytes(json), Answer.JSON, headers);
    }

    Answer asText() {
        ByteBuffer text = ByteBuffer.wrap(detail.getBytes(StandardCharsets.UTF_8));
        return new Answer(status, text, "text/plain;charset=utf-8", headers);
    }

    private String title() {
        String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static ByteBuffer bytes(JsonWriter json) {
        return ByteBuffer.wrap(json.array(), 0, json.size());
    }
}
