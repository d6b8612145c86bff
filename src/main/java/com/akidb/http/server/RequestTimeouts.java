package com.akidb.http.server;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/**
 * How long requests may take: the header X-Request-Timeout in seconds, such as {@code 2.5}; without it a standard time, and
 * more with the size of the body, since a request that brings a thousand documents is a thousand documents' work.
 */
record RequestTimeouts(Duration standard, Duration longest) {

    static final String HEADER = "X-Request-Timeout";

    /** A text of 16 KB takes a model less than this when others want as much. */
    private static final Duration FOR_PIECE = Duration.ofSeconds(1);

    private static final int PIECE = 16 * 1024;

    /** @param bodyBytes size of the request's body */
    Duration of(HttpHeaders headers, int bodyBytes) {
        String given = headers.getFirst(HEADER);
        if (given == null) {
            Duration scaled = standard.plus(FOR_PIECE.multipliedBy(bodyBytes / PIECE));
            return scaled.compareTo(longest) < 0 ? scaled : longest;
        }
        if (given.length() <= 12 && given.matches("\\d+(\\.\\d+)?")) {
            Duration timeout = Duration.ofNanos(Math.round(Double.parseDouble(given) * 1e9));
            if (timeout.compareTo(Duration.ofMillis(1)) >= 0 && timeout.compareTo(longest) <= 0) {
                return timeout;
            }
        }
        throw new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT,
                HEADER + " must be a number of seconds between 0.001 and " + longest.toSeconds(),
                HEADER);
    }
}
