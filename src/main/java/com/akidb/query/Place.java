package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;

/**
 * Where something stands in a request.
 *
 * @param field path of the field to blame
 * @param label what messages start with: the field, and for text the character in it
 */
record Place(String field, String label) {

    static Place of(String field) {
        return new Place(field, field);
    }

    /** A character of a text, by its UTF-16 unit; people see it counted in characters from 1. */
    static Place inText(String field, String text, int unit) {
        int character = text.codePointCount(0, Math.clamp(unit, 0, text.length())) + 1;
        return new Place(field, field + ", at character " + character + ",");
    }

    InvalidInputException invalid(ErrorCode code, String what) {
        return new InvalidInputException(code, label + " " + what, field);
    }

    InvalidInputException invalid(String what) {
        return invalid(ErrorCode.INVALID_ARGUMENT, what);
    }
}
