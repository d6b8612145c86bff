package com.akidb.table;

import com.akidb.engine.ColumnType;
import com.akidb.query.FieldPath;

/**
 * A value that an answer shows.
 *
 * @param name as the request wrote it
 * @param type of the value; JSON for a place inside a JSON column
 */
public record Selected(String name, FieldPath field, ColumnType type) {}
