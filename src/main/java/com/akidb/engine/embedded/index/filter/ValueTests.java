package com.akidb.engine.embedded.index.filter;

import com.akidb.query.Predicate.Operator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes the tests of the conditions on one value, against one column's dictionary. */
final class ValueTests {

    /** Strings that are looked for one after the other, as many rows at once. */
    private static final int FEW_STRINGS = 8;

    private static final ValueTest NOTHING = new RangeTest(ValueKind.ABSENT, 1, 0);

    private final StringDictionary dictionary;

    ValueTests(StringDictionary dictionary) {
        this.dictionary = dictionary;
    }

    ValueTest isNull(boolean negated) {
        ValueTest absent = new RangeTest(ValueKind.ABSENT, Long.MIN_VALUE, Long.MAX_VALUE);
        return negated ? new Otherwise(NOTHING) : absent;
    }

    /** Is one of these; negated: has a value that is none of these. */
    ValueTest oneOf(List<Object> values, boolean negated) {
        Set<String> strings = new HashSet<>();
        List<ValueTest> tests = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof String string) {
                strings.add(string);
            } else {
                tests.add(equal(value));
            }
        }
        if (strings.size() <= FEW_STRINGS) {
            strings.forEach(string -> tests.add(equal(string)));
        } else {
            tests.add(new AnswerTest(dictionary, strings::contains));
        }
        ValueTest any = new AnyOf(tests);
        return negated ? new Otherwise(any) : any;
    }

    /** Equals; negated: has a value that does not. */
    ValueTest equal(Object value, boolean negated) {
        return negated ? new Otherwise(equal(value)) : equal(value);
    }

    private ValueTest equal(Object value) {
        return switch (value) {
            case String string -> RangeTest.only(ValueKind.STRING, dictionary.find(string));
            case Boolean flag -> RangeTest.only(ValueKind.BOOL, flag ? 1 : 0);
            case Instant instant -> RangeTest.only(ValueKind.TIMESTAMP, FieldReader.micros(instant));
            case Long number -> NumberTests.equal(number);
            case Double number -> NumberTests.equal(number);
            default -> throw new IllegalArgumentException("no comparison with " + value.getClass());
        };
    }

    /** Is of the constant's kind and before or after it; negated: is of its kind and is not. */
    ValueTest ordered(Operator operator, Object value, boolean negated) {
        Operator asked = negated ? opposite(operator) : operator;
        return switch (value) {
            case String string -> new AnswerTest(dictionary, text -> holds(asked, Scalars.compare(text, string)));
            case Long number -> NumberTests.ordered(asked, number);
            case Double number -> NumberTests.ordered(asked, number);
            case Instant instant -> {
                RangeTest micros =
                        NumberTests.ordered(asked, FieldReader.micros(instant)).integers();
                yield new RangeTest(ValueKind.TIMESTAMP, micros.low(), micros.high());
            }
            case Boolean ignored -> NOTHING;
            default -> throw new IllegalArgumentException("no comparison with " + value.getClass());
        };
    }

    private static Operator opposite(Operator operator) {
        return switch (operator) {
            case LESS -> Operator.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> Operator.GREATER;
            case GREATER -> Operator.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> Operator.LESS;
            case EQUAL, NOT_EQUAL -> throw new IllegalArgumentException("no order: " + operator);
        };
    }

    private static boolean holds(Operator operator, int sign) {
        return switch (operator) {
            case LESS -> sign < 0;
            case LESS_OR_EQUAL -> sign <= 0;
            case GREATER -> sign > 0;
            case GREATER_OR_EQUAL -> sign >= 0;
            case EQUAL, NOT_EQUAL -> throw new IllegalArgumentException("no order: " + operator);
        };
    }

    /** Is a string that matches; negated: is a string that does not. */
    ValueTest like(String pattern, boolean negated) {
        LikePattern like = new LikePattern(pattern);
        return new AnswerTest(dictionary, text -> like.matches(text) != negated);
    }

    /** Has a value that does not pass. */
    private record Otherwise(ValueTest test) implements ValueTest {
        @Override
        public boolean passes(byte kind, long payload) {
            return kind != ValueKind.ABSENT && !test.passes(kind, payload);
        }

        @Override
        public long word(byte[] kinds, long[] payloads, int from) {
            return ~(Kinds.equal(kinds, from, ValueKind.ABSENT) | test.word(kinds, payloads, from));
        }
    }

    /** Passes one of the tests at least. */
    private record AnyOf(List<ValueTest> tests) implements ValueTest {
        @Override
        public boolean passes(byte kind, long payload) {
            for (ValueTest test : tests) {
                if (test.passes(kind, payload)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public long word(byte[] kinds, long[] payloads, int from) {
            long word = 0;
            for (ValueTest test : tests) {
                word |= test.word(kinds, payloads, from);
            }
            return word;
        }
    }
}
