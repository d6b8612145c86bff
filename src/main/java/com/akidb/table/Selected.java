package com.akidb.table;

import com.akidb.engine.ColumnType;
import com.akidb.query.FieldPath;

/** A value that an answer shows. */
public sealed interface Selected {

    /** As the answer calls it. */
    String name();

    /**
     * A column, or a place inside one.
     *
     * @param name as the request wrote it
     * @param type of the value; JSON for a place inside a JSON column
     */
    record Field(String name, FieldPath field, ColumnType type) implements Selected {}

    /**
     * A value that is computed of a row's columns.
     *
     * @param text in SQL as users write it; docs/TABLES-GUIDE.md says what it may be
     * @param field the request field that holds the text
     */
    record Expression(String name, String text, String field) implements Selected {}
}
