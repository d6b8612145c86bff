package com.akidb.http.server;

import com.akidb.error.ErrorCode;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** A failure that only HTTP knows: method, media type, acceptable answers, slow bodies. */
final class HttpFailure extends RuntimeException {

    private final HttpStatus status;
    private final ErrorCode code;
    private final HttpHeaders headers = new HttpHeaders();

    private HttpFailure(HttpStatus status, ErrorCode code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static HttpFailure methodNotAllowed(String method, Collection<String> allowed) {
        String methods = String.join(", ", allowed);
        HttpFailure failure = new HttpFailure(
                HttpStatus.METHOD_NOT_ALLOWED,
                ErrorCode.METHOD_NOT_ALLOWED,
                "Method " + method + " is not allowed here; allowed: " + methods);
        failure.headers.set(HttpHeaders.ALLOW, methods);
        return failure;
    }

    static HttpFailure unsupportedMediaType(@Nullable String given, List<String> taken) {
        HttpFailure failure = new HttpFailure(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type must be " + String.join(" or ", taken) + ", text in UTF-8, not "
                        + (given == null ? "missing" : given));
        failure.headers.set(HttpHeaders.ACCEPT, String.join(", ", taken));
        return failure;
    }

    static HttpFailure unsupportedEncoding(String given) {
        HttpFailure failure = new HttpFailure(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "Content-Encoding " + given + " is not supported; send the body as it is");
        failure.headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
        return failure;
    }

    static HttpFailure notAcceptable() {
        return new HttpFailure(
                HttpStatus.NOT_ACCEPTABLE,
                ErrorCode.NOT_ACCEPTABLE,
                "Accept does not allow application/json, the only media type of this answer");
    }

    static HttpFailure badHost() {
        HttpFailure failure = new HttpFailure(
                HttpStatus.BAD_REQUEST,
                ErrorCode.INVALID_ARGUMENT,
                "The request must name one host in its header Host");
        failure.headers.set(HttpHeaders.CONNECTION, "close");
        return failure;
    }

    static HttpFailure bodyTooSlow() {
        HttpFailure failure = new HttpFailure(
                HttpStatus.REQUEST_TIMEOUT, ErrorCode.DEADLINE_EXCEEDED, "The request's body came too slowly");
        failure.headers.set(HttpHeaders.CONNECTION, "close");
        return failure;
    }

    HttpStatus status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    HttpHeaders headers() {
        return headers;
    }

    String detail() {
        String message = getMessage();
        return message == null ? code.name() : message;
    }
}
