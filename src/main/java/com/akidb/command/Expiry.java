package com.akidb.command;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.security.RequestRate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what people say about how long and how often a key may be used. */
final class Expiry {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([dh])");
    private static final String FIELD = "--expires";

    private Expiry() {}

    /** A time that is to come: {@code 90d} and {@code 12h} from now, or RFC 3339 with a zone. */
    static Instant parse(String text, Instant now) {
        Instant end;
        Matcher span = SPAN.matcher(text);
        if (span.matches()) {
            long amount = Long.parseLong(span.group(1));
            end = now.plus(span.group(2).equals("d") ? Duration.ofDays(amount) : Duration.ofHours(amount));
        } else {
            try {
                end = Instant.parse(text);
            } catch (DateTimeException unclear) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        FIELD + " must be like 90d, 12h or 2027-01-31T00:00:00Z, is '" + text + "'",
                        FIELD);
            }
        }
        if (!end.isAfter(now)) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, FIELD + " must be in the future", FIELD);
        }
        return end;
    }

    static @Nullable RequestRate rate(@Nullable Double perSecond, @Nullable Integer burst) {
        if (perSecond == null) {
            if (burst != null) {
                throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "--burst needs --rate", "--burst");
            }
            return null;
        }
        return new RequestRate(
                perSecond, burst == null ? (int) Math.clamp(Math.ceil(2 * perSecond), 1, 1_000_000) : burst);
    }
}
