package com.akidb.http.sync;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** The ids that clients give themselves. */
final class SyncIds {

    private static final int LONGEST = 64;

    private SyncIds() {}

    /** An id of a client or of its group: 1 to 64 visible ASCII characters. */
    static String require(@Nullable String id, String field) {
        if (id == null) {
            throw InvalidInputException.missing(field);
        }
        if (id.isEmpty() || id.length() > LONGEST || !id.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, field, "must be 1 to " + LONGEST + " visible ASCII characters");
        }
        return id;
    }
}
