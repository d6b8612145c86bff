package com.akidb.http.server;

import com.akidb.error.ErrorCode;
import com.akidb.http.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

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
