package com.akidb.collection;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;

/** The form of a page's beginning that callers hold: a row id that they have no reason to read as a number. */
final class Cursors {

    private static final int RADIX = 36;

    private Cursors() {}

    static String encode(long rowId) {
        return Long.toString(rowId, RADIX);
    }

    /** The row id after which the page begins; 0 for an empty cursor. */
    static long decode(String cursor) {
        if (cursor.isEmpty()) {
            return 0;
        }
        try {
            long rowId = Long.parseLong(cursor, RADIX);
            if (rowId >= 0) {
                return rowId;
            }
        } catch (NumberFormatException e) {
            // Told below, as is a negative one.
        }
        throw new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT, "cursor must be one that an earlier page gave as next_cursor", "cursor");
    }
}
