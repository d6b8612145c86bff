package com.akidb.engine.embedded.store;

import com.akidb.engine.ColumnType;
import com.akidb.text.Unicode;
import org.jspecify.annotations.Nullable;

/** Primary keys as text, which is how they are passed around. */
final class KeyTexts {

    private KeyTexts() {}

    /** The value that a text stands for: a String, or a Long of an INT key; null if no row can have such a key. */
    static @Nullable Object parse(String key, ColumnType type) {
        if (type != ColumnType.INT) {
            return Unicode.isWellFormed(key) ? key : null;
        }
        try {
            long number = Long.parseLong(key);
            return Long.toString(number).equals(key) ? number : null;
        } catch (NumberFormatException noNumber) {
            return null;
        }
    }
}
