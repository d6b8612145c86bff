package com.akidb.engine.embedded.index.filter;

import com.akidb.query.Predicate.Operator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.agrona.collections.LongHashSet;

/** Makes the tests of the conditions on one value, against one column's dictionary. */
final class ValueTests {

    /** Distinct strings up to which a test remembers its answer for each. */
    private static final int REMEMBERED = 1 << 20;

    private final StringDictionary dictionary;

    ValueTests(StringDictionary dictionary) {
        this.dictionary = dictionary;
    }

    ValueTest isNull(boolean negated) {
        return (kind, payload) -> (kind == ValueKind.ABSENT) != negated;
    }

    /** Is one of these; negated: has a value that is none of these. */
    ValueTest oneOf(List<Object> values, boolean negated) {
        LongHashSet strings = new LongHashSet();
        List<ValueTest> others = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof String string) {
                int number = dictionary.find(string);
                if (number >= 0) {
                    strings.add(number);
                }
            } else {
                others.add(equal(value));
            }
        }
        ValueTest[] rest = others.toArray(ValueTest[]::new);
        return (kind, payload) -> {
            if (kind == ValueKind.ABSENT) {
                return false;
            }
            if (kind == ValueKind.STRING) {
                return strings.contains(payload) != negated;
            }
            for (ValueTest test : rest) {
                if (test.passes(kind, payload)) {
                    return !negated;
                }
            }
            return negated;
        };
    }

    /** Equals; negated: has a value that does not. */
    ValueTest equal(Object value, boolean negated) {
        ValueTest equal = equal(value);
        return negated ? (kind, payload) -> kind != ValueKind.ABSENT && !equal.passes(kind, payload) : equal;
    }

    private ValueTest equal(Object value) {
        return switch (value) {
            case String string -> same(ValueKind.STRING, dictionary.find(string));
            case Boolean flag -> same(ValueKind.BOOL, flag ? 1 : 0);
            case Instant instant -> same(ValueKind.TIMESTAMP, FieldReader.micros(instant));
            case Long number -> number(number, sign -> sign == 0, false);
            case Double number -> number(number, sign -> sign == 0, false);
            default -> throw new IllegalArgumentException("no comparison with " + value.getClass());
        };
    }

    private static ValueTest same(byte wanted, long wantedPayload) {
        return (kind, payload) -> kind == wanted && payload == wantedPayload;
    }

    /** Is of the constant's kind and before or after it; negated: is of its kind and is not. */
    ValueTest ordered(Operator operator, Object value, boolean negated) {
        IntPredicate sign = switch (operator) {
            case LESS -> s -> s < 0;
            case LESS_OR_EQUAL -> s -> s <= 0;
            case GREATER -> s -> s > 0;
            case GREATER_OR_EQUAL -> s -> s >= 0;
            case EQUAL, NOT_EQUAL -> throw new IllegalArgumentException("no order: " + operator);
        };
        return switch (value) {
            case String string -> text(text -> sign.test(Scalars.compare(text, string)), negated);
            case Long number -> number(number, sign, negated);
            case Double number -> number(number, sign, negated);
            case Instant instant -> {
                long micros = FieldReader.micros(instant);
                yield (kind, payload) ->
                        kind == ValueKind.TIMESTAMP && sign.test(Long.compare(payload, micros)) != negated;
            }
            case Boolean ignored -> (kind, payload) -> false;
            default -> throw new IllegalArgumentException("no comparison with " + value.getClass());
        };
    }

    /** Is a string that matches; negated: is a string that does not. */
    ValueTest like(String pattern, boolean negated) {
        return text(new LikePattern(pattern)::matches, negated);
    }

    private static ValueTest number(long constant, IntPredicate sign, boolean negated) {
        return (kind, payload) -> switch (kind) {
            case ValueKind.INT -> sign.test(Long.compare(payload, constant)) != negated;
            case ValueKind.FLOAT -> sign.test(-Scalars.compare(constant, Double.longBitsToDouble(payload))) != negated;
            default -> false;
        };
    }

    private static ValueTest number(double constant, IntPredicate sign, boolean negated) {
        return (kind, payload) -> switch (kind) {
            case ValueKind.INT -> sign.test(Scalars.compare(payload, constant)) != negated;
            case ValueKind.FLOAT -> sign.test(Scalars.compare(Double.longBitsToDouble(payload), constant)) != negated;
            default -> false;
        };
    }

    private ValueTest text(Predicate<String> test, boolean negated) {
        byte[] answers = new byte[Math.min(dictionary.size(), REMEMBERED)];
        return (kind, payload) -> {
            if (kind != ValueKind.STRING) {
                return false;
            }
            int number = (int) payload;
            if (number >= answers.length) {
                return test.test(dictionary.string(number)) != negated;
            }
            if (answers[number] == 0) {
                answers[number] = (byte) (test.test(dictionary.string(number)) ? 1 : 2);
            }
            return (answers[number] == 1) != negated;
        };
    }
}
