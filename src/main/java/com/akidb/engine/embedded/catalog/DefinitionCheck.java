package com.akidb.engine.embedded.catalog;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.text.Unicode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Refuses tables that could not be made. */
public final class DefinitionCheck {

    private static final int LONGEST_NAME = 255;

    /** Users may have 1,000; the rest is for what is kept beside them. */
    private static final int MOST_COLUMNS = 1_100;

    private DefinitionCheck() {}

    public static void check(TableDefinition definition) {
        checkName(definition.name(), "name");
        checkCount(definition.columns().size());
        Set<String> names = new HashSet<>();
        for (Column column : definition.columns()) {
            checkName(column.name(), "columns");
            if (!names.add(column.name())) {
                throw refuse(ErrorCode.INVALID_ARGUMENT, "Two columns are called '" + column.name() + "'", "columns");
            }
            checkColumn(column);
        }
        boolean keyed = definition.columns().stream()
                .anyMatch(column -> column.name().equals(definition.primaryKey())
                        && (column.type() == ColumnType.STRING || column.type() == ColumnType.INT)
                        && column.required());
        if (!keyed) {
            throw refuse(
                    ErrorCode.INVALID_ARGUMENT,
                    "The primary key must be a required column of texts or integers",
                    "primaryKey");
        }
        checkProperties(definition.properties());
    }

    /** Refuses more columns than a table may have. */
    public static void checkCount(int columns) {
        if (columns > MOST_COLUMNS) {
            throw refuse(ErrorCode.OUT_OF_RANGE, "A table has at most " + MOST_COLUMNS + " columns", "columns");
        }
    }

    private static void checkColumn(Column column) {
        boolean vector = column.type() == ColumnType.VECTOR;
        if (vector != (column.metric() != null) || vector != (column.dimension() >= 1)) {
            throw refuse(
                    ErrorCode.INVALID_ARGUMENT,
                    "A vector column, and no other, has a metric and a dimension of at least 1",
                    "columns");
        }
        if (column.unique() && (vector || column.type() == ColumnType.JSON)) {
            throw refuse(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + column.name() + "' cannot be unique: vectors and JSON are not compared",
                    "columns");
        }
        if (vector && column.defaultValue() != null) {
            throw refuse(
                    ErrorCode.INVALID_ARGUMENT, "'" + column.name() + "' holds vectors and has no default", "columns");
        }
        ValueCheck.optional(column, column.defaultValue(), "columns");
        checkProperties(column.properties());
    }

    private static void checkProperties(Map<String, String> properties) {
        properties.forEach((name, value) -> {
            if (!Unicode.isWellFormed(name) || !Unicode.isWellFormed(value)) {
                throw refuse(ErrorCode.INVALID_ARGUMENT, "A property has an unpaired surrogate", "properties");
            }
        });
    }

    public static void checkName(String name, String field) {
        if (name.isEmpty() || name.codePointCount(0, name.length()) > LONGEST_NAME) {
            throw refuse(ErrorCode.OUT_OF_RANGE, "A name has 1 to " + LONGEST_NAME + " characters", field);
        }
        if (!Unicode.isWellFormed(name)) {
            throw refuse(ErrorCode.INVALID_ARGUMENT, "The name has an unpaired surrogate", field);
        }
    }

    private static InvalidInputException refuse(ErrorCode code, String message, String field) {
        return new InvalidInputException(code, message, field);
    }
}
