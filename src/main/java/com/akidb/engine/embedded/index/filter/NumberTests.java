package com.akidb.engine.embedded.index.filter;

import com.akidb.query.Predicate.Operator;

/** Tests of numbers against a constant: integers and floats compare by number, exactly, so each has a range of its own. */
record NumberTests(RangeTest integers, FloatRangeTest floats) implements ValueTest {

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
