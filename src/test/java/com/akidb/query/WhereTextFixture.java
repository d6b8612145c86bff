package com.akidb.query;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.error.InvalidInputException;
import java.util.Arrays;

/** Conditions as text over any column. */
abstract class WhereTextFixture {

    static final FieldResolver COLUMNS = (name, field) -> FieldPath.column(name);
    static final FieldPath A = FieldPath.column("a");
    static final FieldPath B = FieldPath.column("b");

    static Predicate parse(String text, Object... params) {
        return WhereTextParser.parse(text, Arrays.asList(params), "where", COLUMNS);
    }

    static InvalidInputException refused(String text) {
        return catchThrowableOfType(InvalidInputException.class, () -> parse(text));
    }
}
