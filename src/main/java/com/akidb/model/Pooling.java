package com.akidb.model;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.util.Locale;

/** How the hidden states of a text's tokens become one vector. */
public enum Pooling {
    /** The mean over the tokens that the attention mask lets through. */
    MEAN,
    /** The state of the first token. */
    CLS,
    /** The state of the last token that the attention mask lets through. */
    LAST;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a name from the wire. */
    public static Pooling parse(String name, String field) {
        for (Pooling pooling : values()) {
            if (pooling.wireName().equals(name)) {
                return pooling;
            }
        }
        throw new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT, "Unknown pooling '" + name + "'; known are mean, cls, last", field);
    }
}
