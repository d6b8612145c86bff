package com.akidb.http.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** What clients send and accept, according to their headers. */
public final class MediaTypes {

    private static final MediaType LINES = MediaType.parseMediaType(LineStream.TYPE);

    private static final MediaType ARROW = MediaType.parseMediaType("application/vnd.apache.arrow.stream");

    private MediaTypes() {}

    /** Whether the body is JSON values, one a line. */
    public static boolean isLines(HttpHeaders headers) {
        return is(headers.getFirst(HttpHeaders.CONTENT_TYPE), LINES);
    }

    /** Whether the body is a stream of Arrow IPC. */
    public static boolean isArrow(HttpHeaders headers) {
        return is(headers.getFirst(HttpHeaders.CONTENT_TYPE), ARROW);
    }

    /** Whether the answer is wanted as JSON values, one a line. */
    public static boolean wantsLines(HttpHeaders headers) {
        if (headers.getFirst(HttpHeaders.ACCEPT) == null) {
            return false;
        }
        List<MediaType> wanted = accepted(headers);
        return wanted.stream().anyMatch(range -> range.equalsTypeAndSubtype(LINES))
                && quality(wanted, LINES) >= quality(wanted, MediaType.APPLICATION_JSON);
    }

    /** Refuses bodies that are neither JSON in UTF-8 nor what else the route takes, or that are compressed. */
    static void requireTaken(HttpHeaders headers, Set<Endpoint.Extra> extras) {
        String given = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        boolean fits = Answer.JSON.equals(given) || is(given, MediaType.APPLICATION_JSON);
        if (!fits
                && !(extras.contains(Endpoint.Extra.LINES_IN) && is(given, LINES))
                && !(extras.contains(Endpoint.Extra.ARROW_IN) && is(given, ARROW))) {
            List<String> taken = new ArrayList<>(List.of(Answer.JSON));
            if (extras.contains(Endpoint.Extra.LINES_IN)) {
                taken.add(LineStream.TYPE);
            }
            if (extras.contains(Endpoint.Extra.ARROW_IN)) {
                taken.add(ARROW.toString());
            }
            throw HttpFailure.unsupportedMediaType(given, taken);
        }
        String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw HttpFailure.unsupportedEncoding(encoding);
        }
    }

    private static boolean is(@Nullable String given, MediaType wanted) {
        if (given == null) {
            return false;
        }
        try {
            MediaType type = MediaType.parseMediaType(given);
            return type.equalsTypeAndSubtype(wanted)
                    && (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    /** Refuses a request that wants neither JSON, nor what the route gives beside it, nor, for errors, plain text. */
    static void requireAcceptable(HttpHeaders headers, Set<Endpoint.Extra> extras) {
        String accept = headers.getFirst(HttpHeaders.ACCEPT);
        if (accept == null || accept.isBlank() || accept.equals("*/*") || accept.equals(Answer.JSON)) {
            return;
        }
        List<MediaType> wanted = accepted(headers);
        if (quality(wanted, MediaType.APPLICATION_JSON) == 0
                && quality(wanted, MediaType.TEXT_PLAIN) == 0
                && !(extras.contains(Endpoint.Extra.LINES_OUT) && quality(wanted, LINES) > 0)
                && !(extras.contains(Endpoint.Extra.EVENTS_OUT) && quality(wanted, MediaType.TEXT_EVENT_STREAM) > 0)
                && !(extras.contains(Endpoint.Extra.BYTES_OUT)
                        && quality(wanted, MediaType.APPLICATION_OCTET_STREAM) > 0)
                && !(extras.contains(Endpoint.Extra.PAGE_OUT) && quality(wanted, MediaType.TEXT_HTML) > 0)) {
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
