package com.akidb.http.server;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/** How long requests may take: the header X-Request-Timeout in seconds, such as {@code 2.5}, or the default. */
record RequestTimeouts(Duration standard, Duration longest) {

    static final String HEADER = "X-Request-Timeout";

    Duration of(HttpHeaders headers) {
        String given = headers.getFirst(HEADER);
        if (given == null) {
            return standard;
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
