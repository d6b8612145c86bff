package com.akidb.query;

import com.akidb.error.ErrorCode;

/** What one filter may hold in all; counts while it is read. */
final class FilterLimits {

    /** Levels of lists and objects. */
    static final int MAX_DEPTH = 100;

    static final int MAX_CONDITIONS = 1_000;
    static final int MAX_VALUES = 10_000;

    private int conditions;
    private int values;

    /** Refuses a level that is too deep. */
    static void depth(int depth, String path) {
        depth(depth, MAX_DEPTH, Place.of(path));
    }

    private static void depth(int depth, int most, Place place) {
        if (depth > most) {
            throw place.invalid(ErrorCode.OUT_OF_RANGE, "is nested too deep; at most " + most + " levels are allowed");
        }
    }

    /** Counts a condition. */
    void condition(Place place) {
        if (++conditions > MAX_CONDITIONS) {
            throw place.invalid(
                    ErrorCode.OUT_OF_RANGE, "is one condition too many; at most " + MAX_CONDITIONS + " are allowed");
        }
    }

    /** Counts values of lists, as {@code in} has. */
    void values(int more, Place place) {
        values += more;
        if (values > MAX_VALUES) {
            throw place.invalid(
                    ErrorCode.OUT_OF_RANGE,
                    "makes " + values + " values of 'in'; at most " + MAX_VALUES + " are allowed");
        }
    }
}
