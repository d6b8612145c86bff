package com.akidb.embedding;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Unicode;

/** What every text must be like before it is tokenised. */
final class TextRules {

    /** Longest text that is looked at, in UTF-16 units; far more than any model takes. */
    static final int MOST_CHARACTERS = 1_000_000;

    private TextRules() {}

    /**
     * Checks one text of a request.
     *
     * @throws InvalidInputException naming {@code texts[index]}
     */
    static void check(String text, int index) {
        if (text.length() > MOST_CHARACTERS) {
            throw new InvalidInputException(
                    ErrorCode.TEXT_TOO_LONG,
                    "A text may have at most " + MOST_CHARACTERS + " characters",
                    field(index));
        }
        if (!Unicode.isWellFormed(text)) {
            // The tokenizer takes UTF-8, which cannot say half a pair; it would silently drop it.
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The text is not valid Unicode: it has half of a surrogate pair",
                    field(index));
        }
    }

    static InvalidInputException tooLong(int index, String model) {
        return new InvalidInputException(
                ErrorCode.TEXT_TOO_LONG,
                "The text is longer than model '" + model + "' takes, and truncate is false",
                field(index));
    }

    private static String field(int index) {
        return "texts[" + index + "]";
    }
}
