package com.akidb.text;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What names may be made of. A name of a table or a column is 1 to {@value #MAX_NAME} characters of any script, spaces and
 * punctuation included, but no control characters, and no white space at its ends. A table may not be called {@code .} or
 * {@code ..}, nor by the form of a UUID; a column not by a name that answers use for something else.
 */
public final class Names {

    public static final int MAX_NAME = 128;

    /** Names that rows of answers use for what is no column; in any case of letters. */
    public static final Set<String> RESERVED =
            Set.of("row_id", "version", "changed_at", "similarity_score", "rowid", "computed", "*");

    private static final Pattern UUID_FORM = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Names() {}

    /** Refuses what cannot be the name of a table. */
    public static void requireTable(String name, String field) {
        requireName(name, field, MAX_NAME);
        if (name.equals(".") || name.equals("..")) {
            throw invalid(field + " cannot be '" + name + "', which addresses give another meaning", field);
        }
    }

    /** Refuses what cannot be the name of a column. */
    public static void requireColumn(String name, String field) {
        requireText(name, field, MAX_NAME);
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw invalid(field + " cannot be '" + name + "', which rows of answers use for something else", field);
        }
    }

    /** Refuses what cannot be the name of a table or a collection. */
    public static void requireName(String name, String field, int longest) {
        requireText(name, field, longest);
        if (isUuid(name)) {
            throw invalid(field + " cannot have the form of a UUID, which stands for a collection's id", field);
        }
    }

    private static void requireText(String name, String field, int longest) {
        if (name.isBlank()) {
            throw invalid(field + " cannot be empty", field);
        }
        int length = name.codePointCount(0, name.length());
        if (length > longest) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE,
                    field + " must be at most " + longest + " characters, got " + length,
                    field);
        }
        requirePrintable(name, field);
        if (!name.strip().equals(name)) {
            throw invalid(field + " cannot begin or end with white space", field);
        }
    }

    /** Refuses control characters and halves of surrogate pairs. */
    public static void requirePrintable(String value, String field) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(field + " cannot contain control characters", field);
        }
        requireWellFormed(value, field);
    }

    /** Refuses halves of surrogate pairs, which have no form in UTF-8. */
    public static void requireWellFormed(String value, String field) {
        int unpaired = Unicode.unpairedSurrogate(value);
        if (unpaired >= 0) {
            throw invalid(
                    field + " has an unpaired surrogate at position " + unpaired + ", which is not a valid character",
                    field);
        }
    }

    public static boolean isUuid(String name) {
        return UUID_FORM.matcher(name).matches();
    }

    private static InvalidInputException invalid(String message, String field) {
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, message, field);
    }
}
