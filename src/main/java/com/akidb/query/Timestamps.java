package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Points in time as users write them, RFC 3339: {@code 2026-03-01T09:30:00Z}, {@code 2026-03-01T10:30:00.25+01:00}. An offset
 * is required, since without one nobody knows when it is. What lies below microseconds is cut off.
 */
public final class Timestamps {

    /** As RFC 3339 has it, which wants seconds and an offset, and knows no other calendar than years 0 to 9999. */
    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})?");

    private static final int LONGEST = 40;

    private Timestamps() {}

    /**
     * Reads a point in time.
     *
     * @param field the request field to blame
     */
    public static Instant parse(String text, String field) {
        String normal =
                text.length() > LONGEST ? "" : text.toUpperCase(Locale.ROOT).replace(' ', 'T');
        var form = FORM.matcher(normal);
        if (!form.matches()) {
            throw invalid(field, "must be an RFC 3339 date and time, such as 2026-03-01T09:30:00Z");
        }
        try {
            if (form.group(2) == null) {
                LocalDateTime.parse(normal);
                throw invalid(field, "needs an offset from UTC, such as Z or +01:00, after its time of day");
            }
            return OffsetDateTime.parse(normal, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                    .toInstant()
                    .truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeParseException e) {
            throw invalid(field, "is not a valid date and time");
        }
    }

    private static InvalidInputException invalid(String field, String what) {
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " " + what, field);
    }
}
