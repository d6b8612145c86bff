package com.akidb.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** What clients send and want, as their headers tell. */
final class MediaTypes {

    private MediaTypes() {}

    /** Refuses bodies that are not JSON in UTF-8, or that are compressed. */
    static void requireJson(HttpHeaders headers) {
        String given = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if (!Answer.JSON.equals(given) && !isJson(given)) {
            throw HttpFailure.unsupportedMediaType(given);
        }
        String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw HttpFailure.unsupportedEncoding(encoding);
        }
    }

    private static boolean isJson(@Nullable String given) {
        if (given == null) {
            return false;
        }
        try {
            MediaType type = MediaType.parseMediaType(given);
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                    && (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    /** Refuses a request that wants neither JSON nor, for errors, plain text. */
    static void requireAcceptable(HttpHeaders headers) {
        String accept = headers.getFirst(HttpHeaders.ACCEPT);
        if (accept == null || accept.isBlank() || accept.equals("*/*") || accept.equals(Answer.JSON)) {
            return;
        }
        List<MediaType> wanted = accepted(headers);
        if (quality(wanted, MediaType.APPLICATION_JSON) == 0 && quality(wanted, MediaType.TEXT_PLAIN) == 0) {
            throw HttpFailure.notAcceptable();
        }
    }

    /** Whether errors should be plain text. */
    static boolean prefersText(HttpHeaders headers) {
        if (headers.getFirst(HttpHeaders.ACCEPT) == null) {
            return false;
        }
        try {
            List<MediaType> wanted = accepted(headers);
            double json = Math.max(
                    quality(wanted, MediaType.APPLICATION_JSON), quality(wanted, MediaType.APPLICATION_PROBLEM_JSON));
            return quality(wanted, MediaType.TEXT_PLAIN) > json;
        } catch (HttpFailure e) {
            return false;
        }
    }

    private static List<MediaType> accepted(HttpHeaders headers) {
        try {
            return headers.getAccept();
        } catch (InvalidMediaTypeException e) {
            throw HttpFailure.notAcceptable();
        }
    }

    /** The quality that the most specific range gives to a type; 0 if no range has it. */
    private static double quality(List<MediaType> ranges, MediaType type) {
        double quality = 0;
        int closest = -1;
        for (MediaType range : ranges) {
            int close = range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
            if (close > closest && range.includes(type)) {
                closest = close;
                quality = range.getQualityValue();
            }
        }
        return quality;
    }
}
