package com.akidb.collection;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.regex.Pattern;

/** What names, ids and texts may be made of. */
final class Names {

    static final int MAX_NAME = 255;

    private static final Pattern UUID_FORM = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int SHOWN = 64;

    private Names() {}

    /** Refuses what cannot be the name of a collection. */
    static void requireName(String name) {
        if (name.isBlank()) {
            throw invalid("name cannot be empty", "name");
        }
        int length = name.codePointCount(0, name.length());
        if (length > MAX_NAME) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "name must be at most " + MAX_NAME + " characters, got " + length, "name");
        }
        requirePrintable(name, "name");
        if (isUuid(name)) {
            throw invalid("name cannot have the form of a UUID, which stands for a collection's id", "name");
        }
    }

    /** Refuses control characters and halves of surrogate pairs. */
    static void requirePrintable(String value, String field) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(field + " cannot contain control characters", field);
        }
        requireWellFormed(value, field);
    }

    /** Refuses halves of surrogate pairs, which have no form in UTF-8. */
    static void requireWellFormed(String value, String field) {
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean pair = Character.isHighSurrogate(unit)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1));
                if (!pair) {
                    throw invalid(
                            field + " has an unpaired surrogate at position " + i + ", which is no character", field);
                }
                i++;
            }
        }
    }

    static boolean isUuid(String name) {
        return UUID_FORM.matcher(name).matches();
    }

    /** A caller's name, short and clean enough for a message. */
    static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= SHOWN ? clean : clean.substring(0, clean.offsetByCodePoints(0, SHOWN / 2)) + "...";
    }

    private static InvalidInputException invalid(String message, String field) {
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, message, field);
    }
}
