package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;

/**
 * Where something stands in a request.
 *
 * @param field path of the field to blame
 * @param label the begin of a message: the field, and for text the character in it
 */
record Place(String field, String label) {

    static Place of(String field) {
        return new Place(field, field);
    }

    /** A character of a text, counted from 1. */
    static Place inText(String field, int character) {
        return new Place(field, field + ", at character " + character + ",");
    }

    InvalidInputException invalid(ErrorCode code, String what) {
        return new InvalidInputException(code, label + " " + what, field);
    }
}
