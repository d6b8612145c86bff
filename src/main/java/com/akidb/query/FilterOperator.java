package com.akidb.query;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The operators of a condition, as users write them; case and the kind of white space do not matter. */
enum FilterOperator {
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("in"),
    NOT_IN("not in"),
    LIKE("like"),
    CONTAINS("contains"),
    CONTAINS_ANY("contains any"),
    CONTAINS_ALL("contains all"),
    IS_NULL("is null"),
    IS_NOT_NULL("is not null");

    /** All of them, for messages. */
    static final String ALLOWED =
            Arrays.stream(values()).map(operator -> operator.sign).collect(Collectors.joining(", "));

    private final String sign;

    FilterOperator(String sign) {
        this.sign = sign;
    }

    static Optional<FilterOperator> of(String written) {
        String sign = written.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(operator -> operator.sign.equals(sign))
                .findFirst();
    }

    /** Whether a condition with it has no {@code value}. */
    boolean standsAlone() {
        return this == IS_NULL || this == IS_NOT_NULL;
    }

    @Override
    public String toString() {
        return sign;
    }
}
