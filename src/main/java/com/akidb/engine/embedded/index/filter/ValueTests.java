package com.akidb.engine.embedded.index.filter;

import com.akidb.engine.embedded.index.filter.ValueColumn.StringDictionary;
import com.akidb.engine.embedded.index.filter.ValueColumn.ValueKind;
import com.akidb.query.Evaluator;
import com.akidb.query.Function;
import com.akidb.query.Json;
import com.akidb.query.LikePattern;
import com.akidb.query.Predicate.Contains;
import com.akidb.query.Predicate.Operator;
import com.akidb.query.Predicate.Quantifier;
import com.akidb.query.Scalars;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Makes the tests of the conditions on one value, against one column's dictionary. Each looks at 64 values at once, as many
 * of them in one step as the machine's vectors hold.
 */
final class ValueTests {

    /** Strings that are looked for one after the other, as many rows at once. */
    private static final int FEW_STRINGS = 8;

    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

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
            tests.add(new AnswerTest(ValueKind.STRING, dictionary, strings::contains));
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
            case Instant instant -> RangeTest.only(ValueKind.TIMESTAMP, FilterField.micros(instant));
            case Long number -> NumberTests.equal(number);
            case Double number -> NumberTests.equal(number);
            default -> throw new IllegalArgumentException("no comparison with " + value.getClass());
        };
    }

    /** Is of the constant's kind and before or after it; negated: is of its kind and is not. */
    ValueTest ordered(Operator operator, Object value, boolean negated) {
        Operator asked = negated ? opposite(operator) : operator;
        return switch (value) {
            case String string ->
                new AnswerTest(ValueKind.STRING, dictionary, text -> holds(asked, Scalars.compare(text, string)));
            case Long number -> NumberTests.ordered(asked, number);
            case Double number -> NumberTests.ordered(asked, number);
            case Instant instant -> {
                RangeTest micros =
                        NumberTests.ordered(asked, FilterField.micros(instant)).integers();
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

    /**
     * Is a string that matches; negated: is a string that does not.
     *
     * @param before called before each string that is looked at, which may take long
     */
    ValueTest like(String pattern, boolean negated, Runnable before) {
        LikePattern like = new LikePattern(pattern);
        return new AnswerTest(ValueKind.STRING, dictionary, text -> {
            before.run();
            return like.matches(text) != negated;
        });
    }

    /**
     * Is an array with one of the values, or with each; negated: has a value that is not.
     *
     * @param before called before each array that is looked at, which may take long
     */
    ValueTest contains(Contains contains, boolean negated, Runnable before) {
        Function function = contains.quantifier() == Quantifier.ALL ? Function.CONTAINS_ALL : Function.CONTAINS_ANY;
        ValueTest test = new AnswerTest(ValueKind.ARRAY, dictionary, array -> {
            before.run();
            List<Object> withArray = new ArrayList<>(contains.values());
            withArray.addFirst(new Json(array));
            return Boolean.TRUE.equals(Evaluator.apply(function, withArray));
        });
        return negated ? new Otherwise(test) : test;
    }

    /** Bits of the 64 values from an index on that are of a kind, lowest bit first. */
    private static long kindEqual(byte[] kinds, int from, byte kind) {
        long word = 0;
        for (int i = 0; i < ValueTest.WORD; i += BYTES.length()) {
            word |= ByteVector.fromArray(BYTES, kinds, from + i)
                            .compare(VectorOperators.EQ, kind)
                            .toLong()
                    << i;
        }
        return word;
    }

    /** Has a value that does not pass. */
    private record Otherwise(ValueTest test) implements ValueTest {
        @Override
        public boolean passes(byte kind, long payload) {
            return kind != ValueKind.ABSENT && !test.passes(kind, payload);
        }

        @Override
        public long word(byte[] kinds, long[] payloads, int from) {
            return ~(kindEqual(kinds, from, ValueKind.ABSENT) | test.word(kinds, payloads, from));
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

    /**
     * Passes payloads of one kind that are in a range, both ends included: equal strings, flags and times, and integers and times
     * in an order. Looks at as many at once as the machine's vectors hold.
     */
    private record RangeTest(byte wanted, long low, long high) implements ValueTest {

        static RangeTest only(byte kind, long payload) {
            return new RangeTest(kind, payload, payload);
        }

        @Override
        public boolean passes(byte kind, long payload) {
            return kind == wanted && payload >= low && payload <= high;
        }

        @Override
        public long word(byte[] kinds, long[] payloads, int from) {
            long ofKind = kindEqual(kinds, from, wanted);
            return ofKind == 0 ? 0 : ofKind & inRange(payloads, from);
        }

        private long inRange(long[] payloads, int from) {
            long word = 0;
            for (int i = 0; i < WORD; i += LONGS.length()) {
                LongVector values = LongVector.fromArray(LONGS, payloads, from + i);
                VectorMask<Long> in =
                        values.compare(VectorOperators.GE, low).and(values.compare(VectorOperators.LE, high));
                word |= in.toLong() << i;
            }
            return word;
        }
    }

    /** As {@link RangeTest} for floats. */
    private record FloatRangeTest(double low, double high) implements ValueTest {

        @Override
        public boolean passes(byte kind, long payload) {
            double value = Double.longBitsToDouble(payload);
            return kind == ValueKind.FLOAT && value >= low && value <= high;
        }

        @Override
        public long word(byte[] kinds, long[] payloads, int from) {
            long ofKind = kindEqual(kinds, from, ValueKind.FLOAT);
            return ofKind == 0 ? 0 : ofKind & inRange(payloads, from);
        }

        private long inRange(long[] payloads, int from) {
            long word = 0;
            for (int i = 0; i < WORD; i += LONGS.length()) {
                DoubleVector values =
                        LongVector.fromArray(LONGS, payloads, from + i).reinterpretAsDoubles();
                VectorMask<Double> in =
                        values.compare(VectorOperators.GE, low).and(values.compare(VectorOperators.LE, high));
                word |= in.toLong() << i;
            }
            return word;
        }
    }

    /** Tests of numbers against a constant: integers and floats compare by number, exactly, so each has a range of its own. */
    private record NumberTests(RangeTest integers, FloatRangeTest floats) implements ValueTest {

        private static final long NO_LOW = Long.MAX_VALUE;
        private static final long NO_HIGH = Long.MIN_VALUE;

        static NumberTests equal(Object constant) {
            NumberTests least = ordered(Operator.GREATER_OR_EQUAL, constant);
            NumberTests most = ordered(Operator.LESS_OR_EQUAL, constant);
            return new NumberTests(
                    new RangeTest(
                            ValueKind.INT,
                            Math.max(least.integers.low(), most.integers.low()),
                            Math.min(least.integers.high(), most.integers.high())),
                    new FloatRangeTest(least.floats.low(), most.floats.high()));
        }

        /**
         * @param constant a Long or a finite Double
         */
        static NumberTests ordered(Operator operator, Object constant) {
            boolean below = operator == Operator.LESS || operator == Operator.LESS_OR_EQUAL;
            boolean equal = operator == Operator.LESS_OR_EQUAL || operator == Operator.GREATER_OR_EQUAL;
            return new NumberTests(integers(constant, below, equal), floats(constant, below, equal));
        }

        /** The integers that are below or above a constant. */
        private static RangeTest integers(Object constant, boolean below, boolean equal) {
            long border;
            if (constant instanceof Long whole) {
                border = whole;
            } else {
                double real = (Double) constant;
                if (real >= 0x1p63 || real < -0x1p63) {
                    boolean all = below == real > 0;
                    return all
                            ? new RangeTest(ValueKind.INT, Long.MIN_VALUE, Long.MAX_VALUE)
                            : new RangeTest(ValueKind.INT, NO_LOW, NO_HIGH);
                }
                border = (long) (below ? Math.floor(real) : Math.ceil(real));
                equal |= border != real;
            }
            if (!equal && border == (below ? Long.MIN_VALUE : Long.MAX_VALUE)) {
                return new RangeTest(ValueKind.INT, NO_LOW, NO_HIGH);
            }
            return below
                    ? new RangeTest(ValueKind.INT, Long.MIN_VALUE, equal ? border : border - 1)
                    : new RangeTest(ValueKind.INT, equal ? border : border + 1, Long.MAX_VALUE);
        }

        /** The floats that are below or above a constant. */
        private static FloatRangeTest floats(Object constant, boolean below, boolean equal) {
            double border;
            if (constant instanceof Long whole) {
                border = (double) whole;
                int side = Scalars.compare(whole, border);
                // The nearest float is itself below or above the integer.
                equal = side == 0 ? equal : below == side > 0;
            } else {
                border = (Double) constant;
            }
            return below
                    ? new FloatRangeTest(Double.NEGATIVE_INFINITY, equal ? border : Math.nextDown(border))
                    : new FloatRangeTest(equal ? border : Math.nextUp(border), Double.POSITIVE_INFINITY);
        }

        @Override
        public boolean passes(byte kind, long payload) {
            return integers.passes(kind, payload) || floats.passes(kind, payload);
        }

        @Override
        public long word(byte[] kinds, long[] payloads, int from) {
            return integers.word(kinds, payloads, from) | floats.word(kinds, payloads, from);
        }
    }

    /**
     * Passes strings that a test passes. Its answer is remembered for each number of the dictionary, up to a bound.
     */
    private static final class AnswerTest implements ValueTest {

        /** Distinct strings up to which answers are remembered. */
        private static final int REMEMBERED = 1 << 20;

        private static final byte YES = 1;
        private static final byte NO = 2;

        private final byte wanted;
        private final StringDictionary dictionary;
        private final Predicate<String> test;
        private final byte[] answers;

        /** @param wanted the kind of values whose payload is a number in the dictionary */
        AnswerTest(byte wanted, StringDictionary dictionary, Predicate<String> test) {
            this.wanted = wanted;
            this.dictionary = dictionary;
            this.test = test;
            this.answers = new byte[Math.min(dictionary.size(), REMEMBERED)];
        }

        @Override
        public boolean passes(byte kind, long payload) {
            return kind == wanted && answer((int) payload);
        }

        @Override
        public long word(byte[] kinds, long[] payloads, int from) {
            long word = 0;
            for (long left = kindEqual(kinds, from, wanted); left != 0; left &= left - 1) {
                int i = Long.numberOfTrailingZeros(left);
                if (answer((int) payloads[from + i])) {
                    word |= 1L << i;
                }
            }
            return word;
        }

        private boolean answer(int number) {
            if (number >= answers.length) {
                return test.test(dictionary.string(number));
            }
            if (answers[number] == 0) {
                answers[number] = test.test(dictionary.string(number)) ? YES : NO;
            }
            return answers[number] == YES;
        }
    }
}
